# Time to the first dermatologic event of CDISCPILOT01 by package survival. Writes cdiscpilot.json beside this script:
# what R prints, and none of the data, which are read from the folder named on the command line and stay there.
#     Rscript tests/reference/cdiscpilot.R ../shared/reference/cdiscpilot01
library(survival)
library(jsonlite)
library(foreign)

folder <- commandArgs(trailingOnly = TRUE)
if (length(folder) == 0) folder <- "../shared/reference/cdiscpilot01"
if (!file.exists(file.path(folder, "adtte.xpt"))) quit() # nothing to run on: the recorded output stays

adtte <- read.xport(file.path(folder, "adtte.xpt"))
adtte <- adtte[adtte$PARAMCD == "TTDE", ]
adtte$event <- as.integer(adtte$CNSR == 0)
adtte$months <- adtte$AVAL / 30.4375
adtte$arm <- factor(sub(" .*", "", sub("Xanomeline ", "", adtte$TRTA)), c("Placebo", "Low", "High"))
codes <- c(Placebo = "PBO", Low = "LOW", High = "HIGH")

curves <- lapply(levels(adtte$arm), function(arm) {
  part <- adtte[adtte$arm == arm, ]
  fit <- survfit(Surv(months, event) ~ 1, part, conf.type = "log-log")
  at <- summary(fit, times = c(1, 2, 3, 6), extend = TRUE)
  median <- quantile(fit, 0.5)
  ticks <- summary(fit, times = c(0, 1, 2, 3, 4, 5, 6), extend = TRUE)
  list(arm = codes[[arm]], n = nrow(part), events = sum(part$event), times = c(1, 2, 3, 6), survival = at$surv,
       lower = at$lower, upper = at$upper, median = c(median$quantile, median$lower, median$upper),
       ticks = c(0, 1, 2, 3, 4, 5, 6), at_risk = ticks$n.risk)
})
test <- survdiff(Surv(months, event) ~ arm, adtte)
cox <- coxph(Surv(months, event) ~ arm, adtte)
zph <- cox.zph(cox, terms = FALSE)
s <- summary(cox)

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(
  r = R.version.string, survival = as.character(packageVersion("survival")), curves = curves,
  logrank = list(statistic = test$chisq, df = length(test$n) - 1, p_value = pchisq(test$chisq, 2, lower.tail = FALSE)),
  cox = list(arm = c("LOW", "HIGH"), ratio = s$conf.int[, 1], lower = s$conf.int[, 3], upper = s$conf.int[, 4],
             coef = s$coefficients[, 1], std_error = s$coefficients[, 3], p_value = s$coefficients[, 5]),
  proportional = list(arm = c("LOW", "HIGH", "GLOBAL"), statistic = zph$table[, 1], p_value = zph$table[, 3])
)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "cdiscpilot.json"))
