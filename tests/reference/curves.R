# What is read from two or more Kaplan-Meier curves: differences at a time and of restricted means, the test for trend,
# and beta-product limits, whose formula is written out here. Writes curves.json beside this script, the data included.
library(survival)
library(jsonlite)

set.seed(20260103)
n <- 150
ties <- data.frame(time = ceiling(rexp(n, 0.08)), event = rbinom(n, 1, 0.6), group = sample(0:1, n, TRUE), score = sample(1:4, n, TRUE))
samples <- list(
  lung = data.frame(time = lung$time, event = lung$status - 1, group = lung$sex - 1, score = ifelse(is.na(lung$ph.ecog), 1, lung$ph.ecog)),
  veteran = data.frame(time = veteran$time, event = veteran$status, group = veteran$trt - 1, score = as.integer(veteran$celltype)),
  ties = ties
)

differences <- list()
for (name in names(samples)) {
  s <- samples[[name]]
  fit <- survfit(Surv(time, event) ~ group, s)
  ends <- tapply(s$time, s$group, max)
  for (share in c(0.1, 0.3, 0.5)) {
    time <- round(min(ends) * share, 1)
    at <- summary(fit, times = time)
    area <- summary(fit, rmean = time)$table
    estimate <- at$surv[2] - at$surv[1]
    error <- sqrt(sum(at$std.err^2))
    mean_difference <- area[2, 5] - area[1, 5]
    mean_error <- sqrt(sum(area[, 6]^2))
    differences[[length(differences) + 1]] <- list(
      sample = name, time = time,
      survival = list(estimate = estimate, std_error = error, p_value = 2 * pnorm(-abs(estimate / error)),
                      lower = estimate - qnorm(0.975) * error, upper = estimate + qnorm(0.975) * error),
      restricted_mean = list(estimate = mean_difference, std_error = mean_error,
                             p_value = 2 * pnorm(-abs(mean_difference / mean_error)),
                             lower = mean_difference - qnorm(0.975) * mean_error,
                             upper = mean_difference + qnorm(0.975) * mean_error)
    )
  }
}

trends <- list()
for (name in names(samples)) {
  s <- samples[[name]]
  for (rho in c(0, 1)) {
    fit <- survdiff(Surv(time, event) ~ score, s, rho = rho)
    values <- sort(unique(s$score))
    statistic <- sum(values * (fit$obs - fit$exp))^2 / as.numeric(t(values) %*% fit$var %*% values)
    trends[[length(trends) + 1]] <- list(sample = name, rho = rho, statistic = statistic,
                                         p_value = pchisq(statistic, 1, lower.tail = FALSE))
  }
}
# without ties it is the score test of a Cox model in which the score is a number
distinct <- data.frame(time = rexp(80), event = rbinom(80, 1, 0.7), score = sample(c(1, 2, 5), 80, TRUE))
samples$distinct <- distinct
trends[[length(trends) + 1]] <- list(
  sample = "distinct", rho = 0, statistic = coxph(Surv(time, event) ~ score, distinct)$score,
  p_value = pchisq(coxph(Surv(time, event) ~ score, distinct)$score, 1, lower.tail = FALSE)
)

# Fay, Brittain and Proschan, method of moments: the product of beta variates is replaced by the beta variate that has
# its first two moments. The exact product is drawn beside it.
few <- data.frame(time = c(1, 2, 2, 3, 4, 4, 5, 7, 8, 8, 9, 12), event = c(1, 1, 0, 1, 1, 1, 0, 1, 0, 1, 1, 0))
samples$few <- few
limits <- list()
draws <- 200000
for (name in c("few", "veteran", "ties")) {
  s <- samples[[name]]
  grid <- sort(unique(s$time))
  at_risk <- sapply(grid, function(t) sum(s$time >= t))
  events <- sapply(grid, function(t) sum(s$time == t & s$event == 1))
  moments <- function(a, b) c(prod(a / (a + b)), prod(a * (a + 1) / ((a + b) * (a + b + 1))))
  quantile_of <- function(p, m) {
    if (m[1] == 1 || m[1] == 0) return(m[1])
    v <- m[2] - m[1]^2
    size <- m[1] * (1 - m[1]) / v - 1
    qbeta(p, m[1] * size, (1 - m[1]) * size)
  }
  rows <- list()
  for (i in seq_along(grid)) {
    used <- which(events[1:i] > 0)
    a <- at_risk[used] - events[used] + 1
    b <- events[used]
    left <- if (i < length(grid)) at_risk[i + 1] else 0
    upper <- quantile_of(0.975, moments(a, b))
    lower <- if (left == 0) 0 else quantile_of(0.025, moments(c(a, left), c(b, 1)))
    rows[[i]] <- list(time = grid[i], lower = lower, upper = upper)
    if (i > 12) next # enough to see that the moments serve
    product <- Reduce(`*`, Map(function(a, b) rbeta(draws, a, b), a, b), rep(1, draws))
    rows[[i]]$drawn_lower <- if (left == 0) 0 else unname(quantile(product * rbeta(draws, left, 1), 0.025))
    rows[[i]]$drawn_upper <- unname(quantile(product, 0.975))
  }
  limits[[length(limits) + 1]] <- list(sample = name, rows = rows)
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(r = R.version.string, survival = as.character(packageVersion("survival")), samples = samples,
            differences = differences, trends = trends, limits = limits)
write(toJSON(out, dataframe = "columns", digits = NA, auto_unbox = TRUE, na = "null", null = "null"), file.path(here, "curves.json"))
