# Reaction times of 18 participants over ten days of little sleep (lme4's sleepstudy, GPL >= 2): an intercept and a slope
# of each participant by lmer, and lmerTest's degrees of freedom. Writes sleepstudy.json beside this script.
library(jsonlite)
library(lme4)
library(lmerTest)

fit <- lmer(Reaction ~ Days + (Days | Subject), sleepstudy,
            control = lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14)))
parts <- as.data.frame(VarCorr(fit))
told <- summary(fit)$coefficients
args <- commandArgs(trailingOnly = FALSE)
here <- dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE)))
write_json(list(
  reaction = sleepstudy$Reaction, days = sleepstudy$Days, subject = as.integer(sleepstudy$Subject),
  criterion = unname(REMLcrit(fit)), coef = unname(told[, "Estimate"]), std_error = unname(told[, "Std. Error"]),
  df = unname(told[, "df"]), variances = parts$vcov
), file.path(here, "sleepstudy.json"), digits = NA, auto_unbox = TRUE)
