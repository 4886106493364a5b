# Cumulative incidence by package survival, and Gray's test by package cmprsk.
# Writes competing.json beside this script, the data included.
library(survival)
library(cmprsk)
library(jsonlite)

set.seed(20260102)
mgus <- mgus2[1:250, ]
Melanoma <- NULL
data("Melanoma", package = "riskRegression")
n <- 240
tied <- data.frame(time = ceiling(rexp(n, 0.1)), cause = sample(0:3, n, TRUE), group = sample(c("a", "b", "c"), n, TRUE),
                   strata = sample(1:3, n, TRUE))
few <- data.frame(time = round(runif(18), 4), cause = rep(0:2, 6), group = rep(c("a", "b"), 9), strata = rep(1:2, each = 9))
samples <- list(
  mgus = data.frame(time = ifelse(mgus$pstat == 0, mgus$futime, mgus$ptime),
                    cause = ifelse(mgus$pstat == 0, 2 * mgus$death, 1), group = as.character(mgus$sex),
                    strata = as.integer(mgus$age > 70)),
  melanoma = data.frame(time = Melanoma$time, cause = Melanoma$status, group = as.character(Melanoma$sex),
                        strata = as.integer(Melanoma$thick > 2)),
  tied = tied,
  few = few,
  time_zero = data.frame(time = c(0, 0, 1, 2, 2, 5, 5), cause = c(1, 0, 2, 1, 0, 2, 0),
                         group = c("a", "b", "a", "b", "a", "b", "a"), strata = 1)
)
for (name in names(samples)) {
  k <- nrow(samples[[name]])
  samples[[name]]$weights <- round(rexp(k) + 0.05, 3)
  samples[[name]]$entry <- floor(samples[[name]]$time * runif(k, 0, 0.7) * 1000) / 1000
}

curves <- list()
for (name in names(samples)) {
  s <- samples[[name]]
  state <- factor(s$cause, 0:max(s$cause))
  for (variant in c("plain", "weights", "entry", "weights_entry")) {
    if (name == "time_zero" && grepl("entry", variant)) next # nobody can enter before time 0
    w <- if (grepl("weights", variant)) s$weights else rep(1, nrow(s))
    response <- if (grepl("entry", variant)) Surv(s$entry, s$time, state) else Surv(s$time, state)
    for (type in c("plain", "log", "log-log")) {
      fit <- survfit(response ~ 1, weights = w, id = seq_len(nrow(s)), conf.type = type)
      seen <- fit$time %in% s$time # survfit adds times of entry
      columns <- 1 + seq_len(max(s$cause))
      curves[[length(curves) + 1]] <- list(
        sample = name, variant = variant, conf_type = type, time = fit$time[seen],
        at_risk = as.vector(fit$n.risk[seen, 1]), survival = fit$pstate[seen, 1],
        incidence = fit$pstate[seen, columns], std_error = fit$std.err[seen, columns],
        lower = fit$lower[seen, columns], upper = fit$upper[seen, columns]
      )
    }
  }
}

tests <- list()
for (name in setdiff(names(samples), "time_zero")) {
  s <- samples[[name]]
  for (rho in c(0, 0.5, 1)) {
    for (stratified in c(FALSE, TRUE)) {
      found <- if (stratified) cuminc(s$time, s$cause, s$group, strata = s$strata, rho = rho)$Tests
               else cuminc(s$time, s$cause, s$group, rho = rho)$Tests
      for (i in seq_len(nrow(found))) {
        tests[[length(tests) + 1]] <- list(
          sample = name, rho = rho, stratified = stratified, cause = as.integer(rownames(found)[i]),
          statistic = found[i, "stat"], df = found[i, "df"], p_value = found[i, "pv"]
        )
      }
    }
  }
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(r = R.version.string, survival = as.character(packageVersion("survival")),
            cmprsk = as.character(packageVersion("cmprsk")), samples = samples, curves = curves, tests = tests)
write(toJSON(out, dataframe = "columns", digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "competing.json"))
