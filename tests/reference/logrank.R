# Log-rank tests by survival::survdiff, robust weighted ones by the score test of survival::coxph, and the
# Fleming-Harrington weights with gamma > 0 written out.
# Writes logrank.json beside this script, the data included.
library(survival)
library(jsonlite)

set.seed(20260102)
lung$event <- lung$status - 1
lung$ecog <- ifelse(is.na(lung$ph.ecog), 9, lung$ph.ecog)
death <- colon[colon$etype == 2, ]
samples <- list(
  lung_sex = list(time = lung$time, event = lung$event, group = lung$sex, strata = lung$ecog),
  lung_ecog = list(time = lung$time, event = lung$event, group = lung$ecog, strata = lung$sex),
  veteran = list(time = veteran$time, event = veteran$status, group = as.character(veteran$celltype), strata = veteran$trt),
  ovarian = list(time = ovarian$futime, event = ovarian$fustat, group = ovarian$rx, strata = ovarian$resid.ds),
  colon = list(time = death$time, event = death$status, group = as.character(death$rx), strata = death$sex),
  ties = list(time = c(1, 1, 2, 2, 2, 3, 3, 4), event = c(1, 1, 0, 1, 1, 1, 0, 1), group = c("a", "b", "a", "b", "b", "a", "a", "b"),
              strata = c(1, 1, 2, 2, 1, 1, 2, 2))
)

# One table at each event time of each stratum; nothing shared with survdiff.
fleming_harrington <- function(time, event, group, strata, rho, gamma) {
  groups <- sort(unique(group))
  u <- rep(0, length(groups))
  v <- matrix(0, length(groups), length(groups))
  for (stratum in unique(strata)) {
    survival <- 1
    for (t in sort(unique(time[strata == stratum & event == 1]))) {
      at_risk <- sapply(groups, function(g) sum(strata == stratum & group == g & time >= t))
      deaths <- sapply(groups, function(g) sum(strata == stratum & group == g & time == t & event == 1))
      n <- sum(at_risk)
      d <- sum(deaths)
      w <- survival^rho * (1 - survival)^gamma
      u <- u + w * (deaths - d * at_risk / n)
      if (n > 1) v <- v + w^2 * d * (n - d) / (n - 1) * (diag(at_risk / n) - outer(at_risk, at_risk) / n^2)
      survival <- survival * (1 - d / n)
    }
  }
  as.numeric(t(u[-1]) %*% solve(v[-1, -1, drop = FALSE]) %*% u[-1])
}

cases <- list()
add <- function(name, stratified, rho, gamma, weighted, statistic, df) {
  cases[[length(cases) + 1]] <<- list(
    sample = name, stratified = stratified, rho = rho, gamma = gamma, weighted = weighted, statistic = statistic,
    df = df, p_value = pchisq(statistic, df, lower.tail = FALSE)
  )
}
for (name in names(samples)) {
  s <- samples[[name]]
  df <- length(unique(s$group)) - 1
  for (rho in c(0, 1)) {
    add(name, FALSE, rho, 0, FALSE, survdiff(Surv(time, event) ~ group, s, rho = rho)$chisq, df)
    add(name, TRUE, rho, 0, FALSE, survdiff(Surv(time, event) ~ group + strata(strata), s, rho = rho)$chisq, df)
  }
  for (shape in list(c(0, 1), c(1, 1), c(0.5, 0.5), c(0, 0))) {
    for (stratified in c(FALSE, TRUE)) {
      strata <- if (stratified) s$strata else rep(1, length(s$time))
      if (name == "ties" && shape[2] > 0 && stratified) next # too few times: the variance is singular
      statistic <- fleming_harrington(s$time, s$event, s$group, strata, shape[1], shape[2])
      add(name, stratified, shape[1], shape[2], FALSE, statistic, df)
    }
  }
  samples[[name]]$weights <- round(runif(length(s$time), 0.2, 3), 3)
  s <- samples[[name]]
  if (name == "ties") next
  plain <- coxph(Surv(time, event) ~ factor(group), s, weights = s$weights, ties = "breslow", robust = TRUE)
  by_stratum <- coxph(Surv(time, event) ~ factor(group) + strata(strata), s, weights = s$weights, ties = "breslow", robust = TRUE)
  add(name, FALSE, 0, 0, TRUE, summary(plain)$robscore[[1]], df)
  add(name, TRUE, 0, 0, TRUE, summary(by_stratum)$robscore[[1]], df)
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(r = R.version.string, survival = as.character(packageVersion("survival")), samples = samples, cases = cases)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "logrank.json"))
