# Weighted effects as the packages WeightIt and PSweight give them, the estimation of the score in their variance.
# Writes effects_packages.json beside this script. Neither is in Debian: WeightIt (with arg and cobalt) is installed from
# its repository; of PSweight the folder of its R files is the argument. Data: those of effects.R, and lalonde of MatchIt.
# Without them the file stays as it is.
sources <- commandArgs(TRUE)
if (!requireNamespace("WeightIt", quietly = TRUE) || !length(sources)) {
  message("effects_packages.R: WeightIt or the sources of PSweight are not here, so nothing is written.")
  quit(status = 0)
}
library(jsonlite)
library(survival)
suppressPackageStartupMessages({
  library(WeightIt)
  library(MatchIt)
  library(numDeriv)
})
strict <- glm.control(epsilon = 1e-14, maxit = 100)
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
made <- as.data.frame(fromJSON(file.path(here, "effects.json"))$data)
one <- function(fit) list(estimate = unname(coef(fit)["arm"]), std_error = unname(sqrt(vcov(fit)["arm", "arm"])))
# WeightIt 2.0.0 takes the score residuals of a Cox model with weights of 1 in its risk sets as their derivative by the
# weights; without the derivative of the weights by the score it differentiates the weighted score numerically instead.
numerical <- function(w) {
  for (name in intersect(c("Mparts", "Mparts.list"), names(attributes(w)))) {
    parts <- attr(w, name)
    if (name == "Mparts") parts$dw_dBtreat <- NULL else parts <- lapply(parts, function(part) part[names(part) != "dw_dBtreat"])
    attr(w, name) <- parts
  }
  w
}

weighted <- lapply(c(ate = "ATE", att = "ATT", ato = "ATO", stabilized = "ATE"), identity)
weighted <- mapply(function(name, estimand) {
  w <- weightit(arm ~ x1 + x2 + x3, made, method = "glm", estimand = estimand, stabilize = name == "stabilized",
    control = strict)
  list(
    mean_difference = one(lm_weightit(level ~ arm, made, w)),
    odds_ratio = one(glm_weightit(risk ~ arm, made, w, family = binomial, control = strict)),
    risk_ratio = one(glm_weightit(risk ~ arm, made, w, family = quasipoisson, control = strict)),
    hazard_ratio.breslow = one(coxph_weightit(Surv(time, cause == 1) ~ arm, made, numerical(w))),
    own_hazard_ratio = one(coxph_weightit(Surv(time, cause == 1) ~ arm, made, w))
  )
}, names(weighted), weighted, SIMPLIFY = FALSE)

data(lalonde)
lalonde$arm <- lalonde$treat
score <- arm ~ age + educ + race + married + nodegree + re74 + re75
study <- lapply(c(ate = "ATE", att = "ATT", ato = "ATO"), function(estimand) {
  one(lm_weightit(re78 ~ arm, lalonde, weightit(score, lalonde, method = "glm", estimand = estimand, control = strict)))
})

out <- list(r = R.version.string, weightit = as.character(packageVersion("WeightIt")), made = weighted, lalonde = study)
for (file in list.files(sources[1], "[.]R$", full.names = TRUE)) source(file)
# the variance of PSweight fails on columns of very different size, as those of lalonde: made data only
contrast <- function(weight, yname, family, augmented) {
  more <- if (augmented) list(augmentation = TRUE, out.formula = as.formula(paste(yname, "~ x1 + x2 + x3"))) else list()
  found <- do.call(PSweight, c(
    list(ps.formula = arm ~ x1 + x2 + x3, yname = yname, data = made, weight = weight, family = family), more
  ))
  slope <- ifelse(names(found$muhat) == "1", 1, -1)
  list(estimate = sum(slope * found$muhat), std_error = sqrt(sum(slope * (found$covmu %*% slope))))
}
out$psweight <- lapply(list(weighted = FALSE, augmented = TRUE), function(augmented) {
  lapply(c(ate = "IPW", ato = "overlap", att = "treated"), function(weight) {
    if (augmented && weight == "treated") return(NULL)
    list(
      mean_difference = contrast(weight, "level", "gaussian", augmented),
      risk_difference = contrast(weight, "risk", "binomial", augmented)
    )
  })
})
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), file.path(here, "effects_packages.json"))
