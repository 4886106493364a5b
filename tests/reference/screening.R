# A random intercept for each feature by lme4 and lmerTest, and a Cox model for each by survival's coxph.
# Writes screening.json beside this script, the data included.
suppressPackageStartupMessages({
  library(lme4)
  library(lmerTest)
  library(survival)
})
library(jsonlite)

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))

# The data ------------------------------------------------------------------------------------------------------------

# some radiomic features of the synthetic trial's first hundred participants at three visits: their logarithms
trial_sample <- function() {
  folder <- file.path(here, "..", "..", "data", "synthetic")
  images <- read.csv(file.path(folder, "adrad.csv"))
  people <- read.csv(file.path(folder, "adsl.csv"))[1:100, ]
  visits <- c("BL", "MID", "M3")
  images <- images[images$MODALITY == "T1C" & images$REPLICATE == 1 & images$USUBJID %in% people$USUBJID, ]
  place <- match(images$USUBJID, people$USUBJID)
  visit <- match(images$AVISIT, visits)
  features <- paste0("original_", c("shape_VoxelVolume", "shape_Sphericity", "firstorder_Entropy", "firstorder_Kurtosis",
                                    "glcm_Contrast", "glszm_ZoneEntropy"))
  y <- signif(log(as.matrix(images[features])), 7)
  arm <- (people$TRT01P[place] == "PROTON") + 0
  x <- cbind(1, visit == 2, visit == 3, arm, arm * (visit == 2), arm * (visit == 3), (people$AGE[place] - 55) / 10)
  colnames(x) <- c("one", "MID", "M3", "arm", "arm MID", "arm M3", "age")
  list(y = unname(y), subject = place, x = x)
}

# 20 participants at up to four visits. Features: plain; in a unit of 1e-9, shifted by 1e3 of its spread; without
# variance between participants; of hardly any variance within; with a third of its values missing; with one participant
# and one visit missing; of two participants with two values, the others with one
made_sample <- function() {
  set.seed(20261129)
  n <- 20
  visits <- 4
  subject <- rep(seq_len(n), each = visits)
  visit <- rep(seq_len(visits), n)
  arm <- rep(rep(0:1, n / 2), each = visits)
  own <- matrix(rnorm(n * 7), n)[subject, ]
  error <- matrix(rnorm(n * visits * 7), n * visits)
  x <- cbind(1, visit - 1, arm, arm * (visit - 1), rep(round(rnorm(n), 2), each = visits))
  colnames(x) <- c("one", "visit", "arm", "arm by visit", "age")
  y <- own + error + 0.5 * x[, 2] - 0.3 * x[, 4]
  y[, 2] <- 1e-9 * (y[, 2] + 1e3)
  y[, 3] <- error[, 3] - ave(error[, 3], subject) + 0.2 * arm
  y[, 4] <- 30 * own[, 4] + 0.2 * error[, 4]
  y[sample(seq_len(n * visits), n * visits %/% 3), 5] <- NA
  y[subject == 7 | visit == 4, 6] <- NA
  y[visit != 1 & !(subject %in% c(3, 4) & visit == 2), 7] <- NA
  list(y = signif(y, 9), subject = subject, x = x)
}

# 80 participants; times in whole months with many ties, and in days. Features: plain; two-valued; in thousands with a
# large shift; with a quarter missing; of an outlying value
hazard_sample <- function() {
  set.seed(20261130)
  n <- 80
  x <- matrix(rnorm(n * 5), n)
  time <- rexp(n, 0.02 * exp(0.5 * x[, 1] - 0.4 * x[, 4]))
  censored <- runif(n, 10, 90)
  x[, 2] <- x[, 2] > 0.4
  x[, 3] <- 1e3 * (x[, 3] + 50)
  x[sample(seq_len(n), n %/% 4), 4] <- NA
  x[1, 5] <- 25
  days <- ceiling(30 * pmin(time, censored))
  list(time = list(months = ceiling(days / 60), days = days), event = (time <= censored) + 0, x = signif(x, 7),
       strata = rep(c("a", "b", "b", "c"), n / 4))
}

# A model of each ------------------------------------------------------------------------------------------------------

exact <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5), check.rankX = "ignore",
                     check.conv.grad = "ignore", check.conv.singular = "ignore")
by_lmer <- function(sample, name) {
  lapply(seq_len(ncol(sample$y)), function(j) {
    y <- sample$y[, j]
    # lmer's search and numDeriv's steps are absolute: the feature is fitted in a unit near 1, and told in its own
    unit <- 10^floor(log10(sd(y, na.rm = TRUE)))
    centre <- mean(y, na.rm = TRUE)
    d <- data.frame(y = (y - centre) / unit, subject = factor(sample$subject))
    d$x <- sample$x
    fit <- lmerTest::lmer(y ~ x - 1 + (1 | subject), d, control = exact)
    table <- summary(fit, ddf = "Satterthwaite")$coefficients
    left <- sum(!is.na(y)) - ncol(sample$x)
    coef <- unit * unname(table[, 1])
    coef[1] <- coef[1] + centre # the first column is 1
    list(sample = name, feature = j - 1, criterion = as.numeric(REMLcrit(fit)) + 2 * left * log(unit), coef = coef,
         std_error = unit * unname(table[, 2]), df = unname(table[, 3]), between = unit^2 * as.numeric(VarCorr(fit)$subject),
         within = unit^2 * sigma(fit)^2, count = sum(!is.na(y)), participants = length(unique(sample$subject[!is.na(y)])))
  })
}

by_coxph <- function(sample) {
  asked <- expand.grid(time = c("months", "days"), ties = c("efron", "breslow"), stratified = c(FALSE, TRUE),
                       feature = seq_len(ncol(sample$x)), stringsAsFactors = FALSE)
  lapply(seq_len(nrow(asked)), function(i) {
    case <- asked[i, ]
    d <- data.frame(time = sample$time[[case$time]], event = sample$event, x = sample$x[, case$feature], s = sample$strata)
    form <- if (case$stratified) Surv(time, event) ~ x + strata(s) else Surv(time, event) ~ x
    fit <- coxph(form, d, ties = case$ties, control = coxph.control(eps = 1e-13, iter.max = 50, toler.chol = 1e-14))
    table <- summary(fit)
    list(time = case$time, ties = case$ties, stratified = case$stratified, feature = case$feature - 1,
         coef = unname(coef(fit)), std_error = sqrt(vcov(fit)[1, 1]), p_value = table$coefficients[1, "Pr(>|z|)"],
         lower = log(table$conf.int[1, "lower .95"]), upper = log(table$conf.int[1, "upper .95"]), count = fit$n,
         events = fit$nevent)
  })
}

samples <- list(trial = trial_sample(), made = made_sample())
hazards <- hazard_sample()
plain <- function(s) list(y = s$y, subject = s$subject, names = colnames(s$x), x = unname(s$x))
versions <- sapply(c("lme4", "lmerTest", "survival"), function(p) as.character(packageVersion(p)))
out <- list(r = R.version.string, packages = as.list(versions), samples = lapply(samples, plain), hazards = hazards,
            intercepts = do.call(c, Map(by_lmer, samples, names(samples), USE.NAMES = FALSE)), cox = by_coxph(hazards))
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "screening.json"))
