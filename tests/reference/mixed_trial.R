# Lymphocytes and haemoglobin of the synthetic trial by nlme's gls, from the export as it stands: windows of visits,
# who is in the model, design and contrasts once more. Writes mixed_trial.json beside this script.
library(jsonlite)
library(nlme)

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
folder <- file.path(here, "..", "..", "data", "synthetic")
day <- function(text) as.numeric(as.Date(text))
adsl <- read.csv(file.path(folder, "adsl.csv"), colClasses = "character", na.strings = "")
adlb <- read.csv(file.path(folder, "adlb.csv"), colClasses = "character", na.strings = "")
cutoff <- day("2031-06-30")
adsl <- adsl[!is.na(adsl$RTSTDT) & day(adsl$RTSTDT) <= cutoff, ]
actual <- ifelse(is.na(adsl$TRT01A), adsl$TRT01P, adsl$TRT01A)
adsl$ARM <- ifelse(actual == "MIXED", "PROTON", actual)
visits <- data.frame(
  code = c("BL", "MID", "EORT", "M3", "M6", "M12", "M24"),
  anchor = c("RTSTDT", "RTSTDT", rep("RTENDT", 5)),
  day = c(0, 21, 0, 90, 182, 365, 730),
  first = c(-28, 14, -7, 60, 136, 271, 546),
  last = c(0, 30, 7, 135, 270, 545, 910)
)

nearest <- function(code, v) {
  records <- adlb[adlb$PARAMCD == code & !is.na(adlb$AVAL), ]
  sapply(seq_len(nrow(adsl)), function(i) {
    own <- records[records$USUBJID == adsl$USUBJID[i] & day(records$ADT) <= cutoff, ]
    apart <- day(own$ADT) - day(adsl[[v$anchor]][i])
    own <- own[!is.na(apart) & apart >= v$first & apart <= v$last, ]
    apart <- apart[!is.na(apart) & apart >= v$first & apart <= v$last]
    if (!nrow(own)) return(NA)
    as.numeric(own$AVAL[order(abs(apart - v$day), apart, as.numeric(own$AVAL))[1]])
  })
}

complete <- !apply(is.na(adsl[, c("AGE", "SEX", "ECOGBL", "CCI", "SMOKE", "BETEL", "SES", "T9", "N9", "GTVPVOL",
                                  "EBVBL", "ENRLDT")]), 1, any)

fit <- function(code, log_scale) {
  values <- sapply(seq_len(nrow(visits)), function(j) nearest(code, visits[j, ]))
  if (log_scale) values <- log(values)
  change <- values[, -1] - values[, 1]
  kept <- complete & !is.na(values[, 1]) & rowSums(!is.na(change)) > 0
  people <- adsl[kept, ]
  people$base <- values[kept, 1] - mean(values[kept, 1])
  people$AGE <- as.numeric(people$AGE) / 10
  people$IND <- ifelse(is.na(people$INDREG), "NONE", people$INDREG)
  long <- do.call(rbind, lapply(2:7, function(j) {
    cbind(people[, c("USUBJID", "ARM", "AGE", "SEX", "T9", "N9", "IND", "base")], place = j - 1,
          y = change[kept, j - 1])
  }))
  long <- long[!is.na(long$y), ]
  long <- long[order(long$USUBJID, long$place), ]
  long$visit <- factor(visits$code[long$place + 1], levels = visits$code[-1])
  long$ARM <- factor(long$ARM, levels = c("PHOTON", "PROTON"))
  form <- y ~ 0 + visit + visit:ARM + visit:base + AGE + SEX + T9 + N9 + IND
  made <- model.matrix(form, long)
  made <- made[, !grepl("ARMPHOTON", colnames(made))]
  long$X <- made
  found <- gls(y ~ 0 + X, long, correlation = corSymm(form = ~ place | USUBJID),
               weights = varIdent(form = ~ 1 | visit), method = "REML",
               control = glsControl(maxIter = 500, msMaxIter = 2000, tolerance = 1e-12, msTol = 1e-14, opt = "nlminb"))
  arm <- grep("ARMPROTON", colnames(made))
  beta <- unname(coef(found)[arm])
  v <- vcov(found)[arm, arm]
  covariates <- c("AGE", grep("^SEX|^T9|^N9|^IND", colnames(made), value = TRUE))
  first <- long[!duplicated(long$USUBJID), ]
  shared <- mean(as.matrix(first$X[, covariates]) %*% coef(found)[match(covariates, colnames(made))])
  at <- match(paste0("visit", levels(long$visit)), colnames(made))
  list(
    participants = sum(kept), values = nrow(long), criterion = -2 * as.numeric(logLik(found)),
    contrast = beta, std_error = unname(sqrt(diag(v))),
    average = mean(beta), average_error = sqrt(sum(v)) / 6,
    photon = unname(coef(found)[at] + shared), proton = unname(coef(found)[at] + shared + beta)
  )
}

printed <- list(
  versions = list(R = R.version.string, nlme = format(packageVersion("nlme"))),
  ALC = fit("ALC", TRUE), HGB = fit("HGB", FALSE)
)
write(toJSON(printed, digits = I(15), auto_unbox = TRUE, na = "null"), file.path(here, "mixed_trial.json"))
