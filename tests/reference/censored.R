# Values below a limit. The Tobit mixed model: the likelihood of each participant is the density of the values that are
# known times the probability, given these, that the others are below their limits (a multivariate normal integral, exact
# to 1e-10 in up to three dimensions and by mvtnorm's TVPACK); maximized by optim, second derivatives by numDeriv. Without
# an intercept: survreg. Without values below the limit: lmer. Yes or no: estimating equations written out in base R with
# the moments of the definition, and geepack where the participants' correlation has no denominator to differ in.
# Writes censored.json beside this script, the data included.
library(mvtnorm)
library(numDeriv)
library(survival)
library(lme4)
library(geepack)
library(jsonlite)

set.seed(20260714)
draw <- function(n, visits, limit, between, seen) {
  d <- expand.grid(visit = seq_len(visits), subject = seq_len(n))
  d$group <- as.numeric(d$subject %% 2 == 0)
  d$age <- rep(round(rnorm(n), 2), each = visits)
  shared <- rep(rnorm(n, 0, between), each = visits)
  d$y <- round(1 + 0.3 * d$group - 0.2 * d$visit + 0.25 * d$age + shared + rnorm(nrow(d), 0, 0.7), 3)
  d <- d[runif(nrow(d)) < seen, ]
  d$below <- as.numeric(d$y < limit)
  d$y <- pmax(d$y, limit)
  d
}
matrix_of <- function(d) model.matrix(~ factor(visit) + group + age, d)

loglik <- function(par, d, x) {
  k <- ncol(x)
  mean <- as.vector(x %*% par[1:k])
  within <- exp(par[k + 1])^2
  between <- par[k + 2]^2
  sum(sapply(split(seq_len(nrow(d)), d$subject), function(rows) {
    known <- rows[d$below[rows] == 0]
    cut <- rows[d$below[rows] == 1]
    cov <- function(a, b) outer(a, b, function(i, j) between + within * (i == j))
    value <- 0
    center <- mean[cut]
    spread <- cov(cut, cut)
    if (length(known)) {
      whole <- cov(known, known)
      rest <- d$y[known] - mean[known]
      value <- -0.5 * (length(known) * log(2 * pi) + as.numeric(determinant(whole)$modulus) + sum(rest * solve(whole, rest)))
      if (length(cut)) {
        pull <- cov(cut, known) %*% solve(whole)
        center <- center + as.vector(pull %*% rest)
        spread <- spread - pull %*% cov(known, cut)
      }
    }
    if (length(cut) == 1) value <- value + pnorm(d$y[cut], center, sqrt(pmax(spread[1, 1], 1e-12)), log.p = TRUE)
    if (length(cut) > 1) {
      value <- value + log(pmvnorm(upper = d$y[cut], mean = center, sigma = spread, algorithm = TVPACK(1e-12))[1])
    }
    value
  }))
}

fit_mixed <- function(d) {
  x <- matrix_of(d)
  start <- c(lm.fit(x, d$y)$coefficients, log(0.6), 0.5)
  target <- function(par) -loglik(par, d, x)
  found <- optim(start, target, method = "BFGS", control = list(reltol = 1e-15, maxit = 1000))
  at <- found$par
  for (i in 1:4) {
    bend <- hessian(target, at)
    at <- at - solve(bend, grad(target, at))
  }
  k <- ncol(x)
  list(coef = unname(at[1:k]), error = sqrt(diag(solve(hessian(target, at))))[1:k], within = exp(at[k + 1]),
       between = abs(at[k + 2]), loglik = -target(at))
}

mixed <- list()
for (case in list(c(40, 3, 0.3, 0.8), c(60, 3, 0.9, 0.5), c(25, 2, 0.0, 1.2))) {
  d <- draw(case[1], case[2], case[3], case[4], 0.85)
  mixed[[length(mixed) + 1]] <- c(list(data = d[c("subject", "visit", "group", "age", "y", "below")]), fit_mixed(d))
}

d <- draw(30, 4, -100, 0.6, 0.9)
whole <- lmer(y ~ factor(visit) + group + age + (1 | subject), d, REML = FALSE,
              control = lmerControl(optCtrl = list(xtol_abs = 1e-12, ftol_abs = 1e-14)))
spread <- as.data.frame(VarCorr(whole))$sdcor
uncut <- list(data = d[c("subject", "visit", "group", "age", "y", "below")], coef = unname(fixef(whole)),
              between = spread[1], within = spread[2], loglik = as.numeric(logLik(whole)))

# drawn so that values of a participant are unlike one another: the likelihood is greatest where they share nothing
d <- draw(40, 3, 0.2, 0, 1)
flat <- survreg(Surv(y, below == 0, type = "left") ~ factor(visit) + group + age, d, dist = "gaussian",
                control = survreg.control(rel.tolerance = 1e-14, maxiter = 200))
alone <- list(data = d[c("subject", "visit", "group", "age", "y", "below")], coef = unname(coef(flat)),
              error = unname(sqrt(diag(vcov(flat)))[1:length(coef(flat))]), within = flat$scale, loglik = flat$loglik[2])

# one value each: what participants share cannot be told from the rest
d <- draw(50, 1, 0.8, 0.8, 1)
d$visit <- 1
each <- survreg(Surv(y, below == 0, type = "left") ~ group + age, d, dist = "gaussian",
                control = survreg.control(rel.tolerance = 1e-14, maxiter = 200))
single <- list(data = d[c("subject", "visit", "group", "age", "y", "below")], coef = unname(coef(each)),
               error = unname(sqrt(diag(vcov(each)))[1:3]), within = each$scale, loglik = each$loglik[2])

equations <- function(d, moments_less) {
  x <- matrix_of(d)
  y <- 1 - d$below
  rows <- split(seq_len(nrow(d)), d$subject)
  p <- ncol(x)
  less <- if (moments_less) p else 0
  beta <- rep(0, p)
  alpha <- 0
  for (step in 1:200) {
    mu <- as.vector(plogis(x %*% beta))
    e <- (y - mu) / sqrt(mu * (1 - mu))
    phi <- sum(e^2) / (length(y) - less)
    pairs <- sum(sapply(rows, function(r) choose(length(r), 2)))
    alpha <- sum(sapply(rows, function(r) (sum(e[r])^2 - sum(e[r]^2)) / 2)) / (pairs - less) / phi
    bread <- matrix(0, p, p)
    score <- rep(0, p)
    for (r in rows) {
      a <- sqrt(mu[r] * (1 - mu[r]))
      v <- outer(a, a) * (diag(length(r)) * (1 - alpha) + alpha)
      slope <- x[r, , drop = FALSE] * a^2
      bread <- bread + t(slope) %*% solve(v, slope)
      score <- score + t(slope) %*% solve(v, y[r] - mu[r])
    }
    move <- solve(bread, score)
    beta <- beta + as.vector(move)
    if (max(abs(move)) < 1e-13) break
  }
  meat <- corrected <- matrix(0, p, p)
  for (r in rows) {
    a <- sqrt(mu[r] * (1 - mu[r]))
    v <- outer(a, a) * (diag(length(r)) * (1 - alpha) + alpha)
    slope <- x[r, , drop = FALSE] * a^2
    hat <- slope %*% solve(bread) %*% t(slope) %*% solve(v)
    plain <- t(slope) %*% solve(v, y[r] - mu[r])
    fuller <- t(slope) %*% solve(v, solve(diag(length(r)) - hat, y[r] - mu[r]))
    meat <- meat + plain %*% t(plain)
    corrected <- corrected + fuller %*% t(fuller)
  }
  list(coef = beta, correlation = alpha, robust = unname(sqrt(diag(solve(bread) %*% meat %*% solve(bread)))),
       corrected = unname(sqrt(diag(solve(bread) %*% corrected %*% solve(bread)))))
}

yes_no <- list()
for (case in list(c(40, 3, 0.7, 0.8, 0.85), c(80, 4, 0.4, 0.5, 0.9), c(30, 2, 0.5, 1.0, 1))) {
  d <- draw(case[1], case[2], case[3], case[4], case[5])
  found <- equations(d, TRUE)
  own <- equations(d, FALSE)
  other <- geeglm(1 - below ~ factor(visit) + group + age, binomial, d, id = subject, corstr = "exchangeable",
                  control = geese.control(epsilon = 1e-12, maxit = 200))
  stopifnot(max(abs(own$coef - coef(other))) < 1e-6, max(abs(own$robust - summary(other)$coefficients[, 2])) < 1e-6)
  yes_no[[length(yes_no) + 1]] <- c(list(data = d[c("subject", "visit", "group", "age", "below")]), found)
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(r = R.version.string, mvtnorm = as.character(packageVersion("mvtnorm")),
            survival = as.character(packageVersion("survival")), lme4 = as.character(packageVersion("lme4")),
            geepack = as.character(packageVersion("geepack")), mixed = mixed, uncut = uncut, alone = alone, single = single,
            yes_no = yes_no)
write(toJSON(out, dataframe = "columns", digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "censored.json"))
