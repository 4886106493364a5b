# Effects by weights: survey and survival at fixed weights; with the estimation of the score by equations stacked here
# (derivatives by numDeriv); the bootstrap by boot. Writes effects.json beside this script. Data made here.
library(jsonlite)
library(survival)
suppressPackageStartupMessages(library(survey))
library(numDeriv)
suppressPackageStartupMessages(library(boot))

set.seed(20240607)
n <- 90
x <- cbind(x1 = round(rnorm(n), 2), x2 = round(rnorm(n), 2), x3 = rbinom(n, 1, 0.4))
arm <- rbinom(n, 1, plogis(x %*% c(0.6, -0.5, 0.4)))
event <- ceiling(rexp(n, 0.1 * exp(0.4 * x[, 1] - 0.3 * arm)))
censored <- ceiling(rexp(n, 0.05))
made <- data.frame(
  x, arm, time = pmin(event, censored), cause = ifelse(event <= censored, rbinom(n, 1, 0.4) + 1, 0),
  risk = rbinom(n, 1, plogis(x[, 1] - 0.5 * arm)), level = round(x[, 1] + 0.4 * arm + rnorm(n), 3)
)
at <- 6
rows <- cbind(1, x)
fit <- glm(arm ~ x, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 100))
gamma <- unname(coef(fit))
weights_of <- function(gamma, estimand) {
  e <- plogis(as.vector(rows %*% gamma))
  p <- mean(arm)
  switch(estimand,
    ate = ifelse(arm == 1, 1 / e, 1 / (1 - e)), att = ifelse(arm == 1, 1, e / (1 - e)),
    ato = ifelse(arm == 1, 1 - e, e), stabilized = ifelse(arm == 1, p / e, (1 - p) / (1 - e))
  )
}
# what each row adds to the coefficients of the score
nuisance <- ((arm - fitted(fit)) * rows) %*% solve(crossprod(rows, fitted(fit) * (1 - fitted(fit)) * rows))

# Each estimate as a function of weights, with w_i times its derivative by w_i as survival computes it.
precise <- coxph.control(eps = 1e-12, toler.chol = 1e-14, iter.max = 60)
cox <- function(w, ties) coxph(Surv(time, cause == 1) ~ arm, made, weights = w, ties = ties, robust = TRUE, control = precise)
# the infinitesimal jackknife of a curve of an arm, weights in it, (n, times), and the curve; state 0 for survival
curve <- function(w, group, state) {
  inside <- made$arm == group
  status <- if (state == 0) as.numeric(made$cause > 0) else factor(made$cause, 0:2)
  data <- cbind(made, w, status)[inside, ]
  found <- survfit(Surv(time, status) ~ 1, data, weights = w, influence = TRUE, id = seq_len(nrow(data)), robust = TRUE,
    conf.type = "none")
  part <- found$influence.surv
  # of states it is the derivative by a weight, of survival (survival 3.5-3) that times the weight
  if (state > 0) part <- data$w * found$influence.pstate[, -1, state + 1]
  value <- if (state == 0) found$surv else found$pstate[, state + 1]
  whole <- matrix(0, n, length(found$time))
  whole[inside, ] <- part
  list(time = found$time, value = value, influence = whole)
}
value_at <- function(found, before) {
  place <- findInterval(at, found$time)
  if (place == 0) list(value = before, influence = rep(0, n))
  else list(value = found$value[place], influence = found$influence[, place])
}
area <- function(found) {
  width <- diff(c(0, pmin(found$time, at), at))
  list(value = sum(width * c(1, found$value)), influence = as.vector(cbind(0, found$influence) %*% width))
}
hajek <- function(y, w, group) {
  w <- ifelse(arm == group, w, 0)
  mean <- sum(w * y) / sum(w)
  list(value = mean, influence = w * (y - mean) / sum(w))
}
differ <- function(one, other) list(value = one$value - other$value, influence = one$influence - other$influence)
scaled <- function(one, value, slope) list(value = value, influence = one$influence * slope)
logged <- function(one) scaled(one, log(one$value), 1 / one$value)
odds <- function(one) scaled(one, qlogis(one$value), 1 / (one$value * (1 - one$value)))
hazard <- function(w, ties) {
  found <- cox(w, ties)
  list(value = unname(coef(found)), influence = as.vector(residuals(found, "dfbeta", weighted = TRUE)))
}
measures <- list(
  mean_difference = function(w) differ(hajek(made$level, w, 1), hajek(made$level, w, 0)),
  mean_ratio = function(w) differ(hajek(made$level, w, 1), hajek(made$level, w, 0)),
  risk_difference = function(w) differ(hajek(made$risk, w, 1), hajek(made$risk, w, 0)),
  risk_ratio = function(w) differ(logged(hajek(made$risk, w, 1)), logged(hajek(made$risk, w, 0))),
  odds_ratio = function(w) differ(odds(hajek(made$risk, w, 1)), odds(hajek(made$risk, w, 0))),
  hazard_ratio.efron = function(w) hazard(w, "efron"),
  hazard_ratio.breslow = function(w) hazard(w, "breslow"),
  survival_difference = function(w) differ(value_at(curve(w, 1, 0), 1), value_at(curve(w, 0, 0), 1)),
  restricted_mean_difference = function(w) differ(area(curve(w, 1, 0)), area(curve(w, 0, 0))),
  incidence_difference = function(w) differ(value_at(curve(w, 1, 1), 0), value_at(curve(w, 0, 1), 0))
)
stacked <- function(measure, estimand) {
  found <- measure(weights_of(gamma, estimand))
  through <- jacobian(function(g) measure(weights_of(g, estimand))$value, gamma)
  part <- found$influence
  if (estimand == "stabilized") {
    # the share of the first arm is one more estimated number
    share <- function(p) {
      w <- weights_of(gamma, "ate") * ifelse(arm == 1, p, 1 - p)
      measure(w)$value
    }
    part <- part + as.vector(jacobian(share, mean(arm))) * (arm - mean(arm)) / n
  }
  list(
    estimate = found$value, fixed = sqrt(sum(found$influence^2)),
    std_error = sqrt(sum((part + as.vector(nuisance %*% t(through)))^2))
  )
}
estimands <- c(ate = "ate", att = "att", ato = "ato", stabilized = "stabilized")
effects <- lapply(estimands, function(estimand) lapply(measures, stacked, estimand))
unweighted <- lapply(measures, function(measure) {
  found <- measure(rep(1, n))
  list(estimate = found$value, std_error = sqrt(sum(found$influence^2)))
})

# Packages' own errors at known weights. survey multiplies the variance by n / (n - 1).
surveyed <- lapply(estimands, function(estimand) {
  made$w <- weights_of(gamma, estimand)
  design <- svydesign(ids = ~1, weights = ~w, data = made)
  linear <- svyglm(level ~ arm, design)
  means <- svyby(~risk, ~arm, design, svymean, covmat = TRUE)
  difference <- svycontrast(means, c("1" = 1, "0" = -1))
  found <- svycoxph(Surv(time, cause == 1) ~ arm, design)
  robust <- lapply(c(efron = "efron", breslow = "breslow"), function(ties) sqrt(cox(made$w, ties)$var[1, 1]))
  list(
    weights = made$w,
    mean_difference = list(estimate = unname(coef(linear)[2]), std_error = unname(SE(linear)[2])),
    risk_difference = list(estimate = unname(coef(difference)), std_error = unname(SE(difference)[[1]])),
    hazard_ratio = list(estimate = unname(coef(found)), std_error = unname(SE(found))), coxph = robust
  )
})

# All steps of both curves, fixed weights: estimate and infinitesimal jackknife error.
curves <- lapply(c(first = 1, reference = 0), function(group) {
  w <- weights_of(gamma, "ato")
  lapply(c(survival = 0, incidence = 1), function(state) {
    found <- curve(w, group, state)
    list(time = found$time, estimate = found$value, std_error = sqrt(colSums(found$influence^2)))
  })
})

# Outcome regression: equations of everything stacked, their derivative by numDeriv.
m_estimate <- function(theta, equations, slope) {
  bread <- solve(jacobian(function(t) colSums(equations(t)), theta))
  variance <- bread %*% crossprod(equations(theta)) %*% t(bread)
  c(estimate = sum(slope * theta), std_error = sqrt(sum(slope * (variance %*% slope))))
}
modelled <- function(outcome, link, method, estimand, together) {
  y <- made[[outcome]]
  family <- if (link == "logit") binomial else gaussian
  inverse <- if (link == "logit") plogis else identity
  strict <- glm.control(epsilon = 1e-14, maxit = 100)
  q <- ncol(rows)
  if (together) {
    beta <- unname(coef(glm(y ~ arm + x, family = family, control = strict)))
    predict <- function(b, a) inverse(as.vector(cbind(1, a, x) %*% b))
    both <- function(b) list(predict(b, 1), predict(b, 0))
    regression <- function(b) (y - predict(b, arm)) * cbind(1, arm, x)
  } else {
    beta <- unname(c(sapply(1:0, function(a) coef(glm(y ~ x, family = family, subset = arm == a, control = strict)))))
    both <- function(b) list(inverse(as.vector(rows %*% b[1:q])), inverse(as.vector(rows %*% b[q + 1:q])))
    regression <- function(b) {
      m <- both(b)
      cbind(arm * (y - m[[1]]) * rows, (1 - arm) * (y - m[[2]]) * rows)
    }
  }
  whom <- function(e) switch(estimand, ate = rep(1, n), att = arm, ato = e * (1 - e))
  means <- function(b, g) {
    h <- whom(plogis(as.vector(rows %*% g)))
    sapply(both(b), function(m) sum(h * m) / sum(h))
  }
  missed <- function(b, g) {
    w <- weights_of(g, estimand)
    m <- both(b)
    sapply(1:2, function(k) weighted.mean(y - m[[k]], w * (arm == 2 - k)))
  }
  p <- length(beta)
  theta <- c(means(beta, gamma), if (method == "aipw") missed(beta, gamma), beta, if (method == "aipw") gamma)
  equations <- function(t) {
    if (method == "g-computation") {
      b <- t[2 + 1:p]
      h <- if (estimand == "att") arm else rep(1, n)
      m <- both(b)
      return(cbind(h * (m[[1]] - t[1]), h * (m[[2]] - t[2]), regression(b)))
    }
    b <- t[4 + 1:p]
    g <- t[4 + p + 1:q]
    e <- plogis(as.vector(rows %*% g))
    h <- whom(e)
    w <- weights_of(g, estimand)
    m <- both(b)
    cbind(
      h * (m[[1]] - t[1]), h * (m[[2]] - t[2]), w * arm * (y - m[[1]] - t[3]), w * (1 - arm) * (y - m[[2]] - t[4]),
      regression(b), (arm - e) * rows
    )
  }
  slope <- rep(0, length(theta))
  slope[1:2] <- c(1, -1)
  if (method == "aipw") slope[3:4] <- c(1, -1)
  c(
    list(outcome = outcome, method = method, estimand = estimand, arms = if (together) "together" else "apart"),
    as.list(m_estimate(theta, equations, slope))
  )
}
models <- list()
for (outcome in c("risk", "level")) for (together in c(FALSE, TRUE)) {
  link <- if (outcome == "risk") "logit" else "identity"
  for (estimand in c("ate", "att")) {
    models[[length(models) + 1]] <- modelled(outcome, link, "g-computation", estimand, together)
  }
  for (estimand in c("ate", "att", "ato")) {
    models[[length(models) + 1]] <- modelled(outcome, link, "aipw", estimand, together)
  }
}

# The bootstrap: 20,000 replicates, so that R's own error is small.
drawn <- boot(made, function(data, i) {
  d <- data[i, ]
  e <- suppressWarnings(fitted(glm(arm ~ x1 + x2 + x3, binomial, d)))
  w <- ifelse(d$arm == 1, 1 - e, e)
  weighted.mean(d$risk[d$arm == 1], w[d$arm == 1]) - weighted.mean(d$risk[d$arm == 0], w[d$arm == 0])
}, R = 20000)
booted <- list(
  replicates = 20000, estimate = drawn$t0, std_error = sd(drawn$t),
  limits = unname(quantile(drawn$t, c(0.025, 0.975), type = 7))
)

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(
  r = R.version.string, survival = as.character(packageVersion("survival")),
  survey = as.character(packageVersion("survey")), numDeriv = as.character(packageVersion("numDeriv")),
  boot = as.character(packageVersion("boot")), data = as.list(made), at = at, effects = effects,
  unweighted = unweighted, surveyed = surveyed, curves = curves, models = models, boot_ato = booted
)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), file.path(here, "effects.json"))
