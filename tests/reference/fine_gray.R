# Fine-Gray regression by cmprsk::crr, with its sandwich variance and predictions; with weights that are
# counts on copies of the rows; with several censoring groups the variance from its definition, sums written out.
# Writes fine_gray.json beside this script, the data included; simulated samples have a seed.
suppressPackageStartupMessages({
  library(cmprsk)
  library(survival) # its data
  library(riskRegression) # its data
  library(jsonlite)
})

set.seed(20260104)
blood <- na.omit(mgus2[1:500, c("age", "sex", "hgb", "mspike", "ptime", "pstat", "futime", "death")])
bile <- na.omit(pbc[c("time", "status", "age", "bili", "albumin", "edema", "trt")])
data(Melanoma, package = "riskRegression")
n <- 160
sim <- data.frame(x1 = rnorm(n), x2 = rbinom(n, 1, 0.5), g = sample(1:3, n, TRUE))
sim$time <- pmin(1 + floor(rexp(n, 0.15 * exp(0.4 * sim$x1))), 12)
sim$cause <- sample(0:2, n, TRUE, c(0.3, 0.4, 0.3))

samples <- list(
  mgus2 = list(time = with(blood, ifelse(pstat == 1, ptime, futime)), cause = with(blood, ifelse(pstat == 1, 1, 2 * death)),
               x = list(age = blood$age, male = 1 * (blood$sex == "M"), hgb = blood$hgb, mspike = blood$mspike),
               group = as.character(blood$sex)),
  pbc = list(time = bile$time, cause = c(0, 2, 1)[bile$status + 1],
             x = list(age = bile$age, bili = log(bile$bili), albumin = bile$albumin, edema = bile$edema), group = bile$trt),
  melanoma = list(time = Melanoma$time, cause = Melanoma$status, group = as.character(Melanoma$ulcer),
                  x = list(logthick = Melanoma$logthick, male = 1 * (Melanoma$sex == "Male"), age = Melanoma$age)),
  ties = list(time = sim$time, cause = sim$cause, x = list(x1 = sim$x1, x2 = sim$x2), group = sim$g),
  untied = list(time = round(sim$time + runif(n), 6), cause = sim$cause, x = list(x1 = sim$x1, x2 = sim$x2), group = sim$g)
)

# The sandwich from its definition: weights of all at each event time, residuals of the subdistribution, and the term
# for the censoring distribution, whose sum over competing events is of one group.
sandwich <- function(time, cause, X, group, b) {
  n <- length(time)
  G <- function(t, g) { # just before t
    own <- group == g
    if (t > max(time[own])) return(0)
    u <- sort(unique(time[own & cause == 0 & time < t]))
    prod(vapply(u, function(v) 1 - sum(own & cause == 0 & time == v) / sum(own & time >= v), 0))
  }
  at <- sort(unique(time[cause == 1]))
  own <- mapply(G, time, group)
  W <- sapply(at, function(t) {
    later <- vapply(sort(unique(group)), function(g) G(t, g), 0)[match(group, sort(unique(group)))]
    ifelse(time >= t, 1, ifelse(cause > 1, later / own, 0))
  })
  r <- drop(exp(X %*% b))
  S0 <- colSums(W * r)
  mean_x <- t(sapply(seq_along(at), function(k) colSums(W[, k] * r * X) / S0[k]))
  dL <- sapply(at, function(t) sum(cause == 1 & time == t)) / S0
  eta <- t(sapply(1:n, function(i) {
    d <- sweep(-mean_x, 2, X[i, ], "+")
    own_event <- if (cause[i] == 1) d[match(time[i], at), ] else 0
    own_event - colSums(d * W[i, ] * r[i] * dL)
  }))
  info <- matrix(0, ncol(X), ncol(X))
  for (k in seq_along(at)) {
    d <- sweep(X, 2, mean_x[k, ])
    info <- info + dL[k] * crossprod(d, d * W[, k] * r)
  }
  psi <- matrix(0, n, ncol(X))
  for (g in unique(group)) {
    for (u in sort(unique(time[group == g & cause == 0]))) {
      q <- rep(0, ncol(X))
      for (k in which(at >= u)) {
        j <- group == g & cause > 1 & time < u
        q <- q + colSums(sweep(X[j, , drop = FALSE], 2, mean_x[k, ]) * W[j, k] * r[j]) * dL[k]
      }
      y <- sum(group == g & time >= u)
      d <- group == g & cause == 0 & time == u
      for (i in which(group == g & time >= u)) psi[i, ] <- psi[i, ] + q * ((i %in% which(d)) / y - sum(d) / y^2)
    }
  }
  solve(info) %*% crossprod(eta + psi) %*% solve(info)
}

# crr stops where rounding hides the gain of another step; that step is taken here
fit_to_the_end <- function(...) {
  first <- crr(..., gtol = 1e-10, maxiter = 40)
  crr(..., init = unname(first$coef) + drop(first$invinf %*% first$score), maxiter = 0)
}

cases <- list()
for (name in names(samples)) {
  s <- samples[[name]]
  X <- do.call(cbind, lapply(s$x, as.numeric))
  for (cause in 1:2) {
    for (grouped in c(FALSE, TRUE)) {
      group <- if (grouped) s$group else rep(1, length(s$time))
      fit <- fit_to_the_end(s$time, s$cause, X, cengroup = group, failcode = cause)
      curve <- predict(fit, colMeans(X))
      recoded <- ifelse(s$cause == 0, 0, ifelse(s$cause == cause, 1, 2))
      keep <- unique(round(seq(1, nrow(curve), length.out = 10)))
      cases[[length(cases) + 1]] <- list(
        sample = name, cause = cause, grouped = grouped, coef = unname(fit$coef),
        vcov = if (grouped) NA else fit$var, information = solve(fit$invinf), loglik = fit$loglik, loglik_null = fit$loglik.null,
        written_out = if (length(s$time) < 250) sandwich(s$time, recoded, X, group, fit$coef) else NA,
        incidence = list(at = unname(colMeans(X)), time = curve[keep, 1], incidence = curve[keep, 2])
      )
    }
  }
}

# weights that are counts: as many copies of each row
weighted <- list()
for (name in c("melanoma", "ties", "untied")) {
  s <- samples[[name]]
  counts <- sample(1:3, length(s$time), TRUE)
  samples[[name]]$counts <- counts
  copies <- rep(seq_along(s$time), counts)
  X <- do.call(cbind, lapply(s$x, as.numeric))
  fit <- fit_to_the_end(s$time[copies], s$cause[copies], X[copies, ])
  weighted[[length(weighted) + 1]] <- list(sample = name, cause = 1, coef = unname(fit$coef), loglik = fit$loglik)
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(r = R.version.string, cmprsk = as.character(packageVersion("cmprsk")), survival = as.character(packageVersion("survival")),
            samples = samples, cases = cases, weighted = weighted)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "fine_gray.json"))
