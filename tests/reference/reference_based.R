# Courses completed under a mixed model: at random, jump to reference, copy reference, copy increments in reference.
# The model is nlme's gls (restricted likelihood, unstructured); means, draws, regressions and Rubin's rules are written
# out from their definitions. Writes reference_based.json beside this script; takes minutes.
library(jsonlite)
library(nlme)

set.seed(20260114)
n <- 90
v <- 4
first <- rep(c(1, 0), length.out = n)
base <- round(rnorm(n), 3)
age <- round(rnorm(n, 60, 8))
truth <- 0.6^abs(outer(1:v, 1:v, "-")) * outer(sqrt(c(0.5, 0.8, 1.0, 1.3)), sqrt(c(0.5, 0.8, 1.0, 1.3)))
root <- chol(truth)
y <- t(sapply(1:n, function(i) {
  round(c(0.2, 0.4, 0.3, 0.1) + first[i] * c(0.3, 0.9, 0.7, 0.5) + 0.4 * base[i] + 0.01 * (age[i] - 60) +
          drop(rnorm(v) %*% root), 3)
}))
wanted <- matrix(TRUE, n, v)
for (i in 1:n) {
  if (runif(1) < 0.35) {
    from <- sample(1:v, 1)
    y[i, from:v] <- NA
    if (runif(1) < 0.2) wanted[i, v] <- FALSE # died before the last visit
  } else if (runif(1) < 0.2) {
    y[i, sample(1:(v - 1), sample(1:2, 1))] <- NA
  }
}

# Long data of some participants, each under a number of its own.
long <- function(who) {
  parts <- lapply(seq_along(who), function(k) {
    i <- who[k]
    data.frame(id = k, visit = 1:v, y = y[i, ], first = first[i], base = base[i], age = age[i])
  })
  d <- do.call(rbind, parts)
  d[!is.na(d$y), ]
}

fit <- function(d) {
  d$at <- factor(d$visit, levels = 1:v)
  gls(y ~ 0 + at + at:first + at:base + age, d, correlation = corSymm(form = ~ visit | id),
      weights = varIdent(form = ~ 1 | at), method = "REML",
      control = glsControl(msMaxIter = 200, maxIter = 200, tolerance = 1e-9, msTol = 1e-10))
}

covariance <- function(model) {
  # the correlations of a participant with every visit
  correlations <- Filter(function(one) nrow(one) == v, corMatrix(model$modelStruct$corStruct))[[1]]
  ratio <- rep(1, v)
  names(ratio) <- 1:v
  relative <- coef(model$modelStruct$varStruct, unconstrained = FALSE, allCoef = TRUE)
  ratio[names(relative)] <- relative
  correlations * outer(ratio, ratio) * model$sigma^2
}

means <- function(model, as_first) {
  b <- coef(model)
  t(sapply(1:n, function(i) {
    sapply(1:v, function(j) {
      b[paste0("at", j)] + as_first[i] * b[paste0("at", j, ":first")] + base[i] * b[paste0("at", j, ":base")] +
        age[i] * b["age"]
    })
  }))
}

assumed <- function(own, reference, last, strategy) {
  if (strategy == "missing-at-random") return(own)
  if (strategy == "copy-reference") return(reference)
  out <- own
  for (j in seq_len(v)) {
    if (j <= last) next
    if (strategy == "jump-to-reference") out[j] <- reference[j]
    if (strategy == "copy-increments-in-reference") {
      out[j] <- if (last == 0) reference[j] else own[last] + (reference[j] - reference[last])
    }
  }
  out
}

# Mean and covariance of the missing visits of one participant given those seen.
conditional <- function(values, mu, sigma, missing) {
  seen <- setdiff(which(!is.na(values)), missing)
  if (!length(seen)) return(list(mean = mu[missing], covariance = sigma[missing, missing, drop = FALSE]))
  slope <- sigma[missing, seen, drop = FALSE] %*% solve(sigma[seen, seen, drop = FALSE])
  list(mean = drop(mu[missing] + slope %*% (values[seen] - mu[seen])),
       covariance = sigma[missing, missing, drop = FALSE] - slope %*% sigma[seen, missing, drop = FALSE])
}

strategies <- c("missing-at-random", "jump-to-reference", "copy-reference", "copy-increments-in-reference")

# One participant completed; `draw` gives a vector of a mean and a covariance.
complete <- function(values, own, reference, sigma, strategy, draw) {
  missing <- which(is.na(values))
  if (!length(missing)) return(values)
  last <- max(0, which(!is.na(values)))
  mu <- assumed(own, reference, last, strategy)
  gap <- missing[missing < last]
  tail <- missing[missing > last]
  if (strategy == "copy-reference") { # gaps by the own group first
    if (length(gap)) {
      found <- conditional(values, own, sigma, gap)
      values[gap] <- draw(found$mean, found$covariance)
    }
    if (length(tail)) {
      found <- conditional(values, mu, sigma, tail)
      values[tail] <- draw(found$mean, found$covariance)
    }
    return(values)
  }
  found <- conditional(values, mu, sigma, missing)
  values[missing] <- draw(found$mean, found$covariance)
  values
}

everyone <- function(own, reference, sigma, strategy, draw) {
  filled <- t(sapply(1:n, function(i) complete(y[i, ], own[i, ], reference[i, ], sigma, strategy, draw)))
  filled[!wanted & is.na(y)] <- NA
  filled
}

compare <- function(values) {
  model <- lm(values ~ first + base + age)
  c(coef(model)["first"], vcov(model)["first", "first"], model$df.residual)
}

model <- fit(long(1:n))
sigma <- covariance(model)
own <- means(model, first)
reference <- means(model, rep(0, n))
expected <- lapply(strategies, function(s) everyone(own, reference, sigma, s, function(mean, covariance) mean))
names(expected) <- strategies
spread <- lapply(1:n, function(i) {
  missing <- which(is.na(y[i, ]))
  if (!length(missing)) return(list())
  list(missing = missing - 1, covariance = conditional(y[i, ], own[i, ], sigma, missing)$covariance)
})
regressions <- list()
for (s in strategies) for (j in 1:v) for (shift in list(c(0, 0), c(-0.7, 0), c(0.4, 0.9))) {
  moved <- expected[[s]][, j]
  imputed <- is.na(y[, j])
  moved[imputed & first == 1] <- moved[imputed & first == 1] + shift[1]
  moved[imputed & first == 0] <- moved[imputed & first == 0] + shift[2]
  found <- compare(moved)
  regressions[[length(regressions) + 1]] <- list(strategy = s, visit = j - 1, shift = shift, estimate = found[[1]],
                                                 variance = found[[2]], df = found[[3]])
}

m <- 400
estimates <- array(NA, c(length(strategies), v, m))
variances <- estimates
degrees <- matrix(NA, length(strategies), v)
failed <- 0
k <- 0
while (k < m) {
  who <- unlist(lapply(c(0, 1), function(g) sample(which(first == g), replace = TRUE)))
  boot <- try(fit(long(who)), silent = TRUE)
  if (inherits(boot, "try-error")) {
    failed <- failed + 1
    next
  }
  k <- k + 1
  sigma_k <- covariance(boot)
  own_k <- means(boot, first)
  reference_k <- means(boot, rep(0, n))
  for (s in seq_along(strategies)) {
    filled <- everyone(own_k, reference_k, sigma_k, strategies[s], function(mean, covariance) {
      mean + drop(rnorm(length(mean)) %*% chol(covariance))
    })
    for (j in 1:v) {
      found <- compare(filled[, j])
      estimates[s, j, k] <- found[1]
      variances[s, j, k] <- found[2]
      degrees[s, j] <- found[3]
    }
  }
}
pools <- list()
for (s in seq_along(strategies)) for (j in 1:v) {
  q <- estimates[s, j, ]
  between <- var(q)
  within <- mean(variances[s, j, ])
  total <- within + (1 + 1 / m) * between
  share <- (1 + 1 / m) * between / total
  c_df <- degrees[s, j]
  df <- 1 / (share^2 / (m - 1) + (c_df + 3) / ((1 - share) * c_df * (c_df + 1)))
  pools[[length(pools) + 1]] <- list(strategy = strategies[s], visit = j - 1, estimate = mean(q), within = within,
                                     between = between, std_error = sqrt(total), df = df)
}

write_json(
  list(
    versions = list(R = R.version.string, nlme = as.character(packageVersion("nlme"))),
    data = list(outcome = y, wanted = wanted, first = first, base = base, age = age),
    coef = as.list(coef(model)), covariance = sigma, expected = expected, spread = spread,
    regressions = regressions, imputations = m, failed = failed, pools = pools
  ),
  file.path(dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))), "reference_based.json"),
  digits = 15, auto_unbox = TRUE, na = "null"
)
