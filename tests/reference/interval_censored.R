# Times known to lie between two assessments: Turnbull's estimate (survfit) and a Weibull model (survreg) on three drawn
# samples. Writes interval_censored.json beside this script.
library(jsonlite)
library(survival)

set.seed(20)
drawn <- function(n, visits, jitter, shape, scale, lost) {
  time <- rweibull(n, shape, scale)
  ends <- t(sapply(seq_len(n), function(i) {
    seen <- sort(pmax(visits + round(runif(length(visits), -jitter, jitter), 1), 0.1))
    seen <- seen[runif(length(seen)) > lost]
    before <- seen[seen < time[i]]
    after <- seen[seen >= time[i]]
    c(if (length(before)) max(before) else 0, if (length(after)) min(after) else Inf)
  }))
  data.frame(lower = ends[, 1], upper = ends[, 2])
}
samples <- list(
  clustered = drawn(80, c(3, 7, 14, 20, 33, 60), 0.9, 0.6, 8, 0.15),
  sparse = drawn(40, c(4, 12, 30), 0, 1.4, 15, 0.1),
  exact = rbind(drawn(30, c(2, 5, 9, 15), 0.5, 1.1, 7, 0), data.frame(lower = c(1, 2.5, 4, 4, 8), upper = c(1, 2.5, 4, 4, 8)))
)
told <- lapply(samples, function(sample) {
  left <- ifelse(sample$lower == 0, NA, sample$lower)
  right <- ifelse(is.infinite(sample$upper), NA, sample$upper)
  event <- Surv(left, right, type = "interval2")
  curve <- survfit(event ~ 1)
  fit <- survreg(event ~ 1, dist = "weibull", control = survreg.control(rel.tolerance = 1e-13, maxiter = 200))
  shape <- 1 / fit$scale
  median <- predict(fit, newdata = data.frame(one = 1), type = "uquantile", p = 0.5, se.fit = TRUE)
  # share with the event by each time, limits on log(-log): eta = shape (log t - mu), by the delta method
  times <- c(2, 6, 13, 26)
  mu <- unname(coef(fit))
  eta <- shape * (log(times) - mu)
  gradient <- rbind(rep(-shape, length(times)), -shape * (log(times) - mu))  # by mu and by log(scale of survreg)
  error <- sqrt(colSums(gradient * (vcov(fit) %*% gradient)))
  wide <- qnorm(0.975)
  list(lower = sample$lower, upper = sample$upper, time = curve$time, surv = curve$surv,
       scale = exp(mu), shape = shape, loglik = fit$loglik[1], error = sqrt(diag(vcov(fit))),
       median = exp(c(median$fit[1], median$fit[1] - wide * median$se.fit[1], median$fit[1] + wide * median$se.fit[1])),
       times = times, share = 1 - exp(-exp(eta)), low = 1 - exp(-exp(eta - wide * error)),
       high = 1 - exp(-exp(eta + wide * error)))
})
args <- commandArgs(trailingOnly = FALSE)
here <- dirname(sub("^--file=", "", grep("^--file=", args, value = TRUE)))
write_json(c(list(versions = list(R = R.version.string, survival = as.character(packageVersion("survival")))), told),
           file.path(here, "interval_censored.json"), digits = 15, auto_unbox = TRUE)
