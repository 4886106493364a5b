# Firth's penalized partial likelihood (Heinze and Schemper 2001), written from its definition: log partial likelihood
# plus half the log determinant of the information, risk sets listed one by one. Maximized by optim, then by Newton's
# method with numerical derivatives; limits by uniroot on the profile. No package fits it here.
# Writes firth.json beside this script, the data included.
library(jsonlite)
suppressPackageStartupMessages(library(survival)) # its data

set.seed(20260105)

penalized <- function(b, s, ties) {
  X <- s$X
  eta <- drop(X %*% b)
  p <- ncol(X)
  loglik <- 0
  information <- matrix(0, p, p)
  for (stratum in unique(s$strata)) {
    for (t in unique(s$time[s$event == 1 & s$strata == stratum])) {
      at_risk <- s$strata == stratum & s$time >= t & s$entry < t
      dead <- at_risk & s$time == t & s$event == 1
      d <- sum(dead)
      for (l in seq_len(d) - 1) {
        share <- if (ties == "efron") l / d else 0
        r <- exp(eta) * (at_risk - share * dead)
        mean_x <- colSums(r * X) / sum(r)
        centered <- sweep(X, 2, mean_x)
        information <- information + crossprod(centered, centered * r) / sum(r)
        loglik <- loglik - log(sum(r))
      }
      loglik <- loglik + sum(eta[dead])
    }
  }
  as.numeric(loglik + determinant(information)$modulus / 2)
}

# fourth-order differences: their error is below 1e-10 here
slope <- function(f, b, h = 2e-3) {
  sapply(seq_along(b), function(j) {
    e <- replace(numeric(length(b)), j, h)
    (8 * (f(b + e) - f(b - e)) - (f(b + 2 * e) - f(b - 2 * e))) / (12 * h)
  })
}
maximize <- function(f, start, steps = 6) {
  b <- optim(start, function(b) -f(b), method = "BFGS", control = list(reltol = 1e-14, maxit = 500))$par
  for (step in seq_len(steps)) {
    H <- sapply(seq_along(b), function(j) {
      e <- replace(numeric(length(b)), j, 1e-3)
      (slope(f, b + e) - slope(f, b - e)) / 2e-3
    })
    b <- b - drop(solve(as.matrix(H), slope(f, b)))
  }
  list(coef = b, value = f(b))
}
fix <- function(f, j, value, start) {
  if (length(start) == 1) return(f(value))
  g <- function(rest) f(append(rest, value, after = j - 1))
  maximize(g, start[-j], steps = 1)$value # an error in the others enters squared
}

n <- 60
arm <- rep(0:1, each = n / 2)
x <- round(rnorm(n), 2)
y <- ceiling(10 * rexp(n, exp(0.4 * x - 1)))
last <- pmin(y, 25)
lung2 <- na.omit(lung[1:60, c("time", "status", "age", "ph.ecog")])
lung2 <- lung2[order(lung2$time), ]
samples <- list(
  no_event_in_arm = list(time = last, event = ifelse(arm == 1, 0, 1 * (y <= 25)), X = cbind(arm, x), strata = rep("a", n), entry = rep(-1, n)),
  strata_entry = list(time = last + arm, event = ifelse(arm == 1, 0, 1 * (y <= 25)), X = cbind(arm, x), strata = rep(c("a", "b", "c"), n / 3),
                      entry = pmax(0, last + arm - sample(3:12, n, TRUE))),
  two_directions = list(time = last, event = ifelse(arm == 1 | x > 0.8, 0, 1), X = cbind(arm, high = 1 * (x > 0.8), x2 = round(runif(n), 2)),
                        strata = rep("a", n), entry = rep(-1, n)),
  ordered = list(time = lung2$time, event = rep(1, nrow(lung2)), X = cbind(rank = -rank(lung2$time), age = lung2$age / 10),
                 strata = rep("a", nrow(lung2)), entry = rep(-1, nrow(lung2)))
)
samples$ordered <- lapply(samples$ordered, function(v) if (is.matrix(v)) v[1:12, ] else v[1:12])

cases <- list()
for (name in names(samples)) {
  for (ties in c("efron", "breslow")) {
    s <- samples[[name]]
    f <- function(b) penalized(b, s, ties)
    best <- maximize(f, numeric(ncol(s$X)))
    limits <- sapply(seq_along(best$coef), function(j) {
      deviance <- function(value) 2 * (best$value - fix(f, j, value, best$coef)) - qchisq(0.95, 1)
      sapply(c(-1, 1), function(sign) {
        reach <- sign
        while (deviance(best$coef[j] + reach) < 0) reach <- reach * 1.5
        uniroot(deviance, sort(best$coef[j] + c(0, reach)), tol = 1e-10)$root
      })
    })
    statistic <- sapply(seq_along(best$coef), function(j) 2 * (best$value - fix(f, j, 0, best$coef)))
    cases[[length(cases) + 1]] <- list(
      sample = name, ties = ties, coef = best$coef, loglik = best$value, loglik_null = f(numeric(ncol(s$X))),
      lower = limits[1, ], upper = limits[2, ], p_value = pchisq(statistic, 1, lower.tail = FALSE)
    )
  }
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
write(toJSON(list(r = R.version.string, samples = samples, cases = cases), digits = NA, auto_unbox = TRUE), file.path(here, "firth.json"))
