# Mixed models for repeated measures: nlme's gls; degrees of freedom and Kenward and Roger's variance written out from
# their definitions with derivatives by numDeriv; clubSandwich; lme4, lmerTest and pbkrtest where a random intercept is
# the same model. Writes mmrm.json beside this script, the data included.
suppressPackageStartupMessages({
  library(nlme)
  library(clubSandwich)
  library(lme4)
  library(lmerTest)
  library(pbkrtest)
})
library(numDeriv)
library(jsonlite)

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))

# The data ------------------------------------------------------------------------------------------------------------

# the synthetic trial's lymphocytes: logarithm of the ratio to baseline at five visits
trial_sample <- function() {
  folder <- file.path(here, "..", "..", "data", "synthetic")
  laboratory <- read.csv(file.path(folder, "adlb.csv"))
  people <- read.csv(file.path(folder, "adsl.csv"))
  visits <- c("MID", "EORT", "M3", "M6", "M12")
  counts <- laboratory[laboratory$PARAMCD == "ALC" & laboratory$AVISIT %in% c("BL", visits) & !is.na(laboratory$AVAL), ]
  counts <- counts[!duplicated(counts[c("USUBJID", "AVISIT")]), ]
  first <- counts[counts$AVISIT == "BL", ]
  later <- counts[counts$AVISIT != "BL" & counts$USUBJID %in% first$USUBJID, ]
  place <- match(later$USUBJID, people$USUBJID)
  start <- log(first$AVAL[match(later$USUBJID, first$USUBJID)])
  visit <- match(later$AVISIT, visits)
  order <- order(place, visit)
  at <- outer(visit, seq_along(visits), "==") + 0
  colnames(at) <- visits
  arm <- (people$TRT01P[place] == "PROTON") + 0
  x <- cbind(at, arm * at, (start - round(mean(start), 1)) * at, (people$AGE[place] - 55) / 10)
  colnames(x) <- c(visits, paste("arm", visits), paste("baseline", visits), "age")
  list(y = (log(later$AVAL) - start)[order], subject = place[order], visit = visit[order], x = x[order, ])
}

# twelve participants in each of two arms at four visits; 18 of 96 observations missing, some between others
made_sample <- function() {
  set.seed(20261128)
  n <- 24
  visits <- 4
  subject <- rep(seq_len(n), each = visits)
  visit <- rep(seq_len(visits), n)
  arm <- rep(rep(0:1, n / 2), each = visits)
  age <- rep(round(rnorm(n), 2), each = visits)
  factor <- matrix(c(1, 0.6, 0.5, 0.2, 0, 1.1, 0.7, 0.4, 0, 0, 1.3, 0.9, 0, 0, 0, 1.6), visits)
  error <- as.vector(factor %*% matrix(rnorm(n * visits), visits))
  at <- outer(visit, seq_len(visits), "==") + 0
  x <- cbind(at, arm, arm * visit, age)
  colnames(x) <- c(paste0("v", seq_len(visits)), "arm", "arm by visit", "age")
  y <- round(10 + visit * (0.5 + 0.4 * arm) + 0.3 * age + error, 3)
  time <- round(visit^1.5 + rep(runif(n), each = visits) + runif(n * visits, 0, 0.5), 2)
  weight <- rep(round(runif(n, 0.2, 1.8), 2), each = visits)
  seen <- setdiff(seq_along(y), sample(seq_along(y), 18))
  list(y = y[seen], subject = subject[seen], visit = visit[seen], x = x[seen, ], time = time[seen],
       weight = weight[seen])
}

# nlme's Orthodont: 27 children measured at four ages
orthodont_sample <- function() {
  d <- as.data.frame(Orthodont)
  female <- (d$Sex == "Female") + 0
  x <- cbind(1, female, d$age - 11, female * (d$age - 11))
  colnames(x) <- c("intercept", "female", "age", "female by age")
  list(y = d$distance, subject = as.integer(factor(as.character(d$Subject))), visit = as.integer((d$age - 6) / 2), x = x)
}

samples <- list(trial = trial_sample(), made = made_sample(), orthodont = orthodont_sample())

# By nlme -------------------------------------------------------------------------------------------------------------

structures <- list(
  "unstructured" = function(v) list(corSymm(form = ~ visit | subject), TRUE),
  "compound-symmetry" = function(v) list(corCompSymm(form = ~ visit | subject), FALSE),
  "compound-symmetry-heterogeneous" = function(v) list(corCompSymm(form = ~ visit | subject), TRUE),
  "ar1" = function(v) list(corAR1(form = ~ visit | subject), FALSE),
  "ar1-heterogeneous" = function(v) list(corAR1(form = ~ visit | subject), TRUE),
  "toeplitz" = function(v) list(corARMA(form = ~ visit | subject, p = v - 1, q = 0), FALSE),
  "toeplitz-heterogeneous" = function(v) list(corARMA(form = ~ visit | subject, p = v - 1, q = 0), TRUE),
  "spatial-exponential" = function(v) list(corExp(2, form = ~ time | subject), FALSE)
)

precise <- glsControl(tolerance = 1e-12, msTol = 1e-14, maxIter = 500, msMaxIter = 500, opt = "nlminb")

# clubSandwich looks for the data by their name, in the global environment
fit_gls <- function(s, covariance, reml, weighted = FALSE) {
  d <<- data.frame(y = s$y, subject = factor(s$subject), visit = s$visit)
  d$x <<- s$x
  if (!is.null(s$time)) d$time <<- s$time
  d$inverse <<- if (weighted) 1 / s$weight else 1
  chosen <- structures[[covariance]](length(unique(s$visit)))
  by_visit <- if (chosen[[2]]) varIdent(form = ~ 1 | visit)
  by_weight <- if (weighted) varFixed(~inverse)
  variance <- if (is.null(by_visit)) by_weight else if (is.null(by_weight)) by_visit else varComb(by_visit, by_weight)
  gls(y ~ x - 1, d, correlation = chosen[[1]], weights = variance, method = if (reml) "REML" else "ML",
      control = precise)
}

# covariance of all visits, of one who was seen at each; of weight 1
covariance_of <- function(fit, s) {
  v <- length(unique(s$visit))
  correlation <- corMatrix(fit$modelStruct$corStruct)
  whole <- which(table(s$subject) == v)[1]
  sd <- rep(fit$sigma, v)
  own <- fit$modelStruct$varStruct
  if (inherits(own, "varComb")) own <- own[[1]]
  if (inherits(own, "varIdent")) {
    factors <- coef(own, unconstrained = FALSE, allCoef = TRUE)
    sd <- fit$sigma * as.vector(factors[order(as.numeric(names(factors)))])
  }
  diag(sd) %*% correlation[[names(table(s$subject))[whole]]] %*% diag(sd)
}

reported <- function(fit, s, sample, covariance, reml, weighted) {
  criterion <- -2 * as.numeric(logLik(fit))
  told <- list(
    sample = sample, covariance = covariance, reml = reml, weighted = weighted, coef = unname(coef(fit)),
    # by ML gls multiplies the variances by n / (n - p), which is taken off here
    std_error = unname(sqrt(diag(vcov(fit)) * if (reml) 1 else 1 - ncol(s$x) / length(s$y))), criterion = criterion
  )
  if (covariance == "spatial-exponential") {
    told$variance <- fit$sigma^2
    told$range <- unname(coef(fit$modelStruct$corStruct, unconstrained = FALSE))
  } else told$covariance_matrix <- covariance_of(fit, s)
  told
}

by_gls <- list()
for (name in names(samples)) {
  s <- samples[[name]]
  for (covariance in names(structures)) {
    if (covariance == "spatial-exponential" && is.null(s$time)) next
    for (reml in c(TRUE, FALSE)) {
      for (weighted in c(FALSE, if (!is.null(s$weight) && reml) TRUE)) {
        fit <- fit_gls(s, covariance, reml, weighted)
        by_gls[[length(by_gls) + 1]] <- reported(fit, s, name, covariance, reml, weighted)
        cat(name, covariance, reml, weighted, by_gls[[length(by_gls)]]$criterion, "\n")
      }
    }
  }
}

# Written out ---------------------------------------------------------------------------------------------------------

# a covariance of the visits by parameters as PROC MIXED lists them, and parameters near a covariance
band <- function(values) toeplitz(values)
correlations <- function(m) cov2cor(m)
lag_mean <- function(m, k) mean(m[row(m) - col(m) == k])
scaled <- function(variances, r) outer(sqrt(variances), sqrt(variances)) * r
written <- list(
  "unstructured" = list(
    sigma = function(theta, v) {
      m <- matrix(0, v, v)
      m[upper.tri(m, TRUE)] <- theta
      m[lower.tri(m)] <- t(m)[lower.tri(m)]
      m
    },
    near = function(m) m[upper.tri(m, TRUE)]
  ),
  "compound-symmetry" = list(
    sigma = function(theta, v) theta[1] + diag(theta[2], v),
    near = function(m) c(mean(m[upper.tri(m)]), mean(diag(m)) - mean(m[upper.tri(m)]))
  ),
  "compound-symmetry-heterogeneous" = list(
    sigma = function(theta, v) scaled(theta[1:v], matrix(theta[v + 1], v, v) + diag(1 - theta[v + 1], v)),
    near = function(m) c(diag(m), mean(correlations(m)[upper.tri(m)]))
  ),
  "ar1" = list(
    sigma = function(theta, v) theta[1] * band(theta[2]^(0:(v - 1))),
    near = function(m) c(mean(diag(m)), lag_mean(correlations(m), 1))
  ),
  "ar1-heterogeneous" = list(
    sigma = function(theta, v) scaled(theta[1:v], band(theta[v + 1]^(0:(v - 1)))),
    near = function(m) c(diag(m), lag_mean(correlations(m), 1))
  ),
  "toeplitz" = list(
    sigma = function(theta, v) band(theta),
    near = function(m) sapply(0:(nrow(m) - 1), function(k) lag_mean(m, k))
  ),
  "toeplitz-heterogeneous" = list(
    sigma = function(theta, v) scaled(theta[1:v], band(c(1, theta[-(1:v)]))),
    near = function(m) c(diag(m), sapply(1:(nrow(m) - 1), function(k) lag_mean(correlations(m), k)))
  ),
  "ante-dependence" = list(
    sigma = function(theta, v) {
      r <- diag(v)
      for (i in 1:(v - 1)) for (j in (i + 1):v) r[i, j] <- r[j, i] <- prod(theta[v + i:(j - 1)])
      scaled(theta[1:v], r)
    },
    near = function(m) {
      v <- nrow(m)
      c(diag(m), correlations(m)[cbind(1:(v - 1), 2:v)])
    }
  ),
  "spatial-exponential" = list(
    sigma = function(theta, v, d) theta[1] * exp(-d / theta[2]),
    near = NULL
  )
)

# covariance of all observations, 0 between participants
whole_covariance <- function(s, covariance, theta) {
  n <- length(s$y)
  same <- outer(s$subject, s$subject, "==") + 0
  if (covariance == "spatial-exponential") {
    return(written[[covariance]]$sigma(theta, NA, abs(outer(s$time, s$time, "-"))) * same)
  }
  sigma <- written[[covariance]]$sigma(theta, length(unique(s$visit)))
  matrix(sigma[s$visit, s$visit], n) * same
}

minus_twice_reml <- function(theta, s, covariance) {
  v <- whole_covariance(s, covariance, theta)
  root <- tryCatch(chol(v), error = function(e) NULL)
  if (is.null(root)) return(1e10)
  x <- backsolve(root, s$x, transpose = TRUE)
  y <- backsolve(root, s$y, transpose = TRUE)
  decomposed <- qr(x)
  rest <- qr.resid(decomposed, y)
  2 * sum(log(diag(root))) + 2 * sum(log(abs(diag(qr.R(decomposed))))) + sum(rest^2) +
    (length(y) - ncol(x)) * log(2 * pi)
}

derivatives_of <- function(s, covariance, theta) {
  n <- length(s$y)
  flat <- jacobian(function(theta) as.vector(whole_covariance(s, covariance, theta)), theta, method = "complex")
  lapply(seq_along(theta), function(i) matrix(flat[, i], n))
}

# tr(P D) - y'P D P y, where P takes the design off
gradient <- function(theta, s, covariance) {
  a <- solve(whole_covariance(s, covariance, theta))
  p <- a - a %*% s$x %*% solve(t(s$x) %*% a %*% s$x, t(s$x) %*% a)
  py <- p %*% s$y
  sapply(derivatives_of(s, covariance, theta), function(d) sum(p * d) - sum(py * (d %*% py)))
}

optimum <- function(s, covariance, theta) {
  value <- function(theta) minus_twice_reml(theta, s, covariance)
  slope <- function(theta) gradient(theta, s, covariance)
  theta <- nlminb(theta, value, control = list(rel.tol = 1e-14, x.tol = 1e-12, iter.max = 1000, eval.max = 5000))$par
  stopifnot(max(abs(slope(theta) - grad(value, theta))) < 1e-5)
  for (step in 1:3) theta <- theta - solve(jacobian(slope, theta), slope(theta))
  theta
}

# Kenward MG, Roger JH. Biometrics 1997;53:983; W is twice the inverse of the observed second derivatives
written_out <- function(s, sample, covariance, theta, joint) {
  theta <- optimum(s, covariance, theta)
  value <- function(theta) minus_twice_reml(theta, s, covariance)
  n <- length(s$y)
  r <- length(theta)
  v <- whole_covariance(s, covariance, theta)
  a <- solve(v)
  phi <- solve(t(s$x) %*% a %*% s$x)
  beta <- as.vector(phi %*% t(s$x) %*% a %*% s$y)
  w <- 2 * solve(jacobian(function(theta) gradient(theta, s, covariance), theta))
  flat <- function(theta) as.vector(whole_covariance(s, covariance, theta))
  d <- derivatives_of(s, covariance, theta)
  second <- jacobian(function(theta) as.vector(jacobian(flat, theta, method = "complex")), theta)
  dd <- function(i, j) matrix(second[((i - 1) * n^2 + 1):(i * n^2), j], n)
  ax <- a %*% s$x
  p <- lapply(1:r, function(i) -t(ax) %*% d[[i]] %*% ax)
  middle <- linear <- 0
  for (i in 1:r) for (j in 1:r) {
    q <- t(ax) %*% d[[i]] %*% a %*% d[[j]] %*% ax - p[[i]] %*% phi %*% p[[j]]
    linear <- linear + w[i, j] * q
    middle <- middle + w[i, j] * (q - t(ax) %*% dd(i, j) %*% ax / 4)
  }
  adjusted <- list(
    "kenward-roger" = phi + 2 * phi %*% middle %*% phi,
    "kenward-roger-linear" = phi + 2 * phi %*% linear %*% phi, "satterthwaite" = phi
  )
  slope <- lapply(p, function(one) -phi %*% one %*% phi)
  alone <- function(l) {
    g <- sapply(slope, function(one) sum(l * (one %*% l)))
    2 * sum(l * (phi %*% l))^2 / sum(g * (w %*% g))
  }
  columns <- diag(ncol(s$x))
  df <- apply(columns, 1, alone)
  together <- function(method) {
    l <- columns[joint, ]
    k <- nrow(l)
    f <- as.numeric(t(l %*% beta) %*% solve(l %*% adjusted[[method]] %*% t(l), l %*% beta)) / k
    if (method == "satterthwaite") {
      parts <- eigen(l %*% phi %*% t(l))
      nu <- apply(t(parts$vectors) %*% l, 1, alone)
      e <- sum(ifelse(nu > 2, nu / (nu - 2), 0))
      return(list(statistic = f, df_numerator = k, df = 2 * e / (e - k)))
    }
    theta_l <- t(l) %*% solve(l %*% phi %*% t(l), l)
    a1 <- a2 <- 0
    for (i in 1:r) for (j in 1:r) {
      one <- theta_l %*% phi %*% p[[i]] %*% phi
      two <- theta_l %*% phi %*% p[[j]] %*% phi
      a1 <- a1 + w[i, j] * sum(diag(one)) * sum(diag(two))
      a2 <- a2 + w[i, j] * sum(diag(one %*% two))
    }
    b <- (a1 + 6 * a2) / (2 * k)
    g <- ((k + 1) * a1 - (k + 4) * a2) / ((k + 2) * a2)
    below <- 3 * k + 2 * (1 - g)
    c1 <- g / below
    c2 <- (k - g) / below
    c3 <- (k + 2 - g) / below
    mean <- 1 / (1 - a2 / k)
    variance <- 2 / k * (1 + c1 * b) / ((1 - c2 * b)^2 * (1 - c3 * b))
    rho <- variance / (2 * mean^2)
    m <- 4 + (k + 2) / (k * rho - 1)
    list(statistic = m / (mean * (m - 2)) * f, df_numerator = k, df = m)
  }
  lapply(names(adjusted), function(method) {
    error <- sqrt(diag(adjusted[[method]]))
    many <- together(method)
    c(list(sample = sample, covariance = covariance, df_method = method, theta = theta, criterion = value(theta),
           theta_error = sqrt(diag(w)), coef = beta, std_error = error, df = df,
           p_value = 2 * pt(-abs(beta / error), df), joint_columns = joint - 1),
      list(joint = c(many, list(p_value = pf(many$statistic, many$df_numerator, many$df, lower.tail = FALSE)))))
  })
}

by_definition <- list()
for (name in c("made", "orthodont")) {
  s <- samples[[name]]
  unstructured <- covariance_of(fit_gls(s, "unstructured", TRUE), s)
  for (covariance in names(written)) {
    if (covariance == "spatial-exponential" && is.null(s$time)) next
    start <- if (covariance == "spatial-exponential") c(mean(diag(unstructured)), 2) else written[[covariance]]$near(unstructured)
    joint <- if (name == "made") c(5, 6, 7) else c(2, 4)
    by_definition <- c(by_definition, written_out(s, name, covariance, start, joint))
    cat(name, covariance, by_definition[[length(by_definition)]]$criterion, "\n")
  }
}

# Robust variances ----------------------------------------------------------------------------------------------------

robust <- list()
for (name in c("made", "orthodont")) {
  for (covariance in c("unstructured", "compound-symmetry")) {
    for (weighted in c(FALSE, if (name == "made") TRUE)) {
      fit <- fit_gls(samples[[name]], covariance, TRUE, weighted)
      for (type in c("CR0", "CR2")) {
        told <- as.data.frame(coef_test(fit, vcov = type, test = "Satterthwaite"))
        robust[[length(robust) + 1]] <- list(
          sample = name, covariance = covariance, weighted = weighted, variance = tolower(type),
          coef = told$beta, std_error = told$SE, df = told[[grep("^df", names(told))[1]]], p_value = told[[grep("^p", names(told))[1]]]
        )
      }
    }
  }
}

# A random intercept is compound symmetry with a covariance that is not negative ----------------------------------------

exact <- lmerControl(optimizer = "bobyqa", optCtrl = list(rhoend = 1e-12, maxfun = 1e5), check.rankX = "ignore")
intercepts <- list()
for (name in names(samples)) {
  s <- samples[[name]]
  d <- data.frame(y = s$y, subject = factor(s$subject))
  d$x <- s$x
  fit <- lmerTest::lmer(y ~ x - 1 + (1 | subject), d, control = exact)
  table <- summary(fit, ddf = "Satterthwaite")$coefficients
  told <- list(sample = name, criterion = as.numeric(REMLcrit(fit)), coef = unname(table[, 1]), std_error = unname(table[, 2]),
               df = unname(table[, 3]), covariance = as.numeric(VarCorr(fit)$subject), residual = sigma(fit)^2)
  if (name == "orthodont") {
    adjusted <- vcovAdj(fit)
    told$kr_std_error <- sqrt(diag(as.matrix(adjusted)))
    told$kr_df <- sapply(seq_len(ncol(s$x)), function(i) Lb_ddf(as.numeric(seq_len(ncol(s$x)) == i), vcov(fit), adjusted))
    several <- KRmodcomp(fit, diag(ncol(s$x))[c(2, 4), ])$test["Ftest", ]
    told$kr_joint <- list(columns = c(1, 3), statistic = several$stat, df_numerator = several$ndf, df = several$ddf,
                          p_value = several$p.value)
  }
  intercepts[[length(intercepts) + 1]] <- told
}

# lme4's sleepstudy: a random slope, which repeated measures of each person's own line have too -------------------------

slopes <- lmer(Reaction ~ Days + (Days | Subject), sleepstudy, control = exact)
table <- summary(slopes, ddf = "Kenward-Roger")$coefficients
sleep <- list(
  reaction = sleepstudy$Reaction, days = sleepstudy$Days, subject = as.integer(sleepstudy$Subject),
  criterion = as.numeric(REMLcrit(slopes)), coef = unname(table[, 1]), std_error = unname(table[, 2]),
  df = unname(table[, 3]), between = matrix(as.numeric(VarCorr(slopes)$Subject), 2), residual = sigma(slopes)^2
)

plain <- function(s) c(s[c("y", "subject", "visit")], list(names = colnames(s$x), x = unname(as.matrix(s$x))), s[intersect(c("time", "weight"), names(s))])
versions <- sapply(c("nlme", "clubSandwich", "lme4", "lmerTest", "pbkrtest", "numDeriv"), function(p) as.character(packageVersion(p)))
out <- list(r = R.version.string, packages = as.list(versions), samples = lapply(samples, plain), gls = by_gls,
            written = by_definition, robust = robust, intercepts = intercepts, sleepstudy = sleep)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "mmrm.json"))
