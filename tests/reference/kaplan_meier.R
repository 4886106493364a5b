# Kaplan-Meier curves, what is read from them, and reverse Kaplan-Meier follow-up, by package survival.
# Writes kaplan_meier.json beside this script, the data included.
library(survival)
library(jsonlite)

set.seed(20260101)
lung$event <- lung$status - 1
men <- lung[lung$sex == 1, ]
women <- lung[lung$sex == 2, ]
death <- colon[colon$etype == 2, ]
samples <- list(
  lung = list(time = lung$time, event = lung$event),
  lung_men = list(time = men$time, event = men$event),
  lung_women = list(time = women$time, event = women$event),
  lung_follow_up = list(time = lung$time, event = 1 - lung$event),
  veteran = list(time = veteran$time, event = veteran$status),
  ovarian = list(time = ovarian$futime, event = ovarian$fustat),
  colon = list(time = death$time, event = death$status),
  plateau = list(time = c(1, 2, 3, 4), event = c(1, 1, 1, 1)),
  plateau_end = list(time = c(1, 2, 3, 4), event = c(1, 1, 0, 0)),
  time_zero = list(time = c(0, 0, 1, 2, 2, 5), event = c(1, 0, 1, 1, 0, 0)),
  one_time = list(time = c(3, 3, 3), event = c(1, 1, 1)),
  one_participant = list(time = 2, event = 1),
  # 0.1 + 0.2 and 0.3 differ in the last bit and are one time
  near_ties = list(time = c(0.1 + 0.2, 0.3, 0.7, 0.1 * 7, 1.1), event = c(1, 0, 1, 1, 0)),
  delayed_entry = list(time = lung$time, event = lung$event, entry = floor(lung$time * runif(228, 0, 0.6))),
  weights = list(time = lung$time, event = lung$event, weights = round(runif(228, 0.2, 3), 3)),
  weights_entry = list(time = lung$time, event = lung$event, entry = floor(lung$time * runif(228, 0, 0.6)),
                       weights = round(runif(228, 0.2, 3), 3))
)

# Standard error of the restricted mean with weights: the area under each participant's influence on the curve.
robust_rmst_error <- function(fit, tau) {
  influence <- fit$influence.surv
  inside <- fit$time < tau
  width <- diff(c(fit$time[inside], tau))
  sqrt(sum((influence[, inside, drop = FALSE] %*% width)^2))
}

cases <- list()
for (name in names(samples)) {
  s <- samples[[name]]
  response <- if (is.null(s$entry)) Surv(s$time, s$event) else Surv(s$entry, s$time, s$event)
  w <- if (is.null(s$weights)) rep(1, length(s$time)) else s$weights
  for (type in c("plain", "log", "log-log")) {
    fit <- survfit(response ~ 1, weights = w, conf.type = type, conf.int = 0.95)
    rows <- summary(fit, censored = TRUE)
    q <- quantile(fit, c(0.25, 0.5, 0.75))
    # times at which the curve is read: inside the observed range, between the rows and on them
    times <- c(fit$time[1], fit$time[1] + diff(range(s$time)) * c(0.1, 0.35, 0.5, 0.82), fit$time[length(fit$time)])
    if (length(unique(s$time)) == 1) times <- fit$time[1]
    at <- summary(fit, times = times, extend = TRUE)
    tau <- if (name == "one_participant" || name == "one_time") max(s$time) else round(max(s$time) * 0.6, 2)
    area <- summary(fit, rmean = tau)$table
    error <- if (is.null(s$weights)) area[[6]] else {
      # survfit reports the influence of each participant multiplied by its weight
      with_influence <- survfit(response ~ 1, weights = w, conf.type = type, influence = 1)
      robust_rmst_error(with_influence, tau)
    }
    cases[[length(cases) + 1]] <- list(
      sample = name, conf_type = type, conf_level = 0.95,
      time = I(fit$time), at_risk = I(fit$n.risk), events = I(fit$n.event), censored = I(fit$n.censor),
      survival = I(fit$surv), std_error = I(rows$std.err), lower = I(fit$lower), upper = I(fit$upper),
      quantile = list(p = c(0.25, 0.5, 0.75), estimate = as.numeric(q$quantile), lower = as.numeric(q$lower),
                      upper = as.numeric(q$upper)),
      at = list(times = I(times), survival = I(at$surv), lower = I(at$lower), upper = I(at$upper), at_risk = I(at$n.risk)),
      rmst = list(tau = tau, estimate = area[[5]], std_error = error)
    )
  }
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
samples <- lapply(samples, function(s) lapply(s, I))
out <- list(r = R.version.string, survival = as.character(packageVersion("survival")), samples = samples, cases = cases)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "kaplan_meier.json"))
