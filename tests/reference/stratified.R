# Hazard ratios of arms and log-rank tests, stratified and not, by package survival. Writes stratified.json beside this
# script, the data included.
library(survival)
library(jsonlite)

control <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 40)
three <- colon[colon$etype == 2 & !is.na(colon$nodes), ][1:400, ]
samples <- list(
  veteran = data.frame(time = veteran$time, event = veteran$status, arm = c("B", "A")[veteran$trt],
                       site = as.character(veteran$celltype), prior = as.character(veteran$prior), x = veteran$karno),
  colon = data.frame(time = three$time, event = three$status, arm = c(Obs = "C", Lev = "B", "Lev+5FU" = "A")[as.character(three$rx)],
                     site = as.character(three$differ), prior = as.character(three$sex), x = three$age)
)
samples$colon$site[is.na(samples$colon$site)] <- ""
strata_of <- list(none = "", site = "+ strata(site)", both = "+ strata(site, prior)")

models <- list()
tests <- list()
for (name in names(samples)) {
  s <- samples[[name]]
  reference <- max(s$arm)
  s$arm <- relevel(factor(s$arm), reference)
  for (strata in names(strata_of)) {
    form <- as.formula(paste("Surv(time, event) ~ arm", strata_of[[strata]]))
    test <- survdiff(form, s)
    tests[[length(tests) + 1]] <- list(sample = name, strata = strata, statistic = test$chisq, df = nlevels(s$arm) - 1)
    for (ties in c("efron", "breslow")) for (adjusted in c(FALSE, TRUE)) {
      fit <- coxph(if (adjusted) update(form, . ~ . + x) else form, s, ties = ties, control = control)
      b <- coef(fit); e <- sqrt(diag(vcov(fit)))
      models[[length(models) + 1]] <- list(
        sample = name, strata = strata, ties = ties, adjusted = adjusted, names = sub("^arm", "", names(b)), ratio = exp(b),
        lower = exp(b - qnorm(0.975) * e), upper = exp(b + qnorm(0.975) * e), p_value = 2 * pnorm(-abs(b / e)),
        proportional = cox.zph(fit, transform = "km", terms = FALSE)$table["GLOBAL", "p"]
      )
    }
  }
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(r = R.version.string, survival = as.character(packageVersion("survival")), samples = samples, models = models, tests = tests)
write(toJSON(out, dataframe = "columns", digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "stratified.json"))
