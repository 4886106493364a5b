# Confidence intervals of one proportion and of two, from base R and from formulae written out here.
# Writes proportions.json beside this script.
library(jsonlite)

wald_limits <- function(x, n, z) {
  p <- x / n
  if (x == 0 || x == n) c(NA, NA) else pmin(pmax(p + c(-1, 1) * z * sqrt(p * (1 - p) / n), 0), 1)
}
agresti_coull_limits <- function(x, n, z) {
  center <- (x + z^2 / 2) / (n + z^2)
  pmin(pmax(center + c(-1, 1) * z * sqrt(center * (1 - center) / (n + z^2)), 0), 1)
}
jeffreys_limits <- function(x, n, level) {
  limits <- qbeta(c(1 - level, 1 + level) / 2, x + 0.5, n - x + 0.5)
  c(if (x == 0) 0 else limits[1], if (x == n) 1 else limits[2])
}

one <- list()
for (level in c(0.95, 0.9)) {
  z <- qnorm((1 + level) / 2)
  for (case in list(c(0, 10), c(10, 10), c(0, 1), c(1, 1), c(36, 154), c(12, 77), c(5, 9), c(1, 1000), c(499, 500))) {
    x <- case[1]
    n <- case[2]
    limits <- list(
      "clopper-pearson" = as.numeric(binom.test(x, n, conf.level = level)$conf.int),
      "wilson" = as.numeric(suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE))$conf.int),
      "agresti-coull" = agresti_coull_limits(x, n, z),
      "jeffreys" = jeffreys_limits(x, n, level),
      "wald" = wald_limits(x, n, z)
    )
    for (method in names(limits)) {
      one[[length(one) + 1]] <- list(
        count = x, total = n, method = method, conf_level = level,
        estimate = x / n, lower = limits[[method]][1], upper = limits[[method]][2]
      )
    }
  }
}

newcombe <- function(x1, n1, x0, n0, level) {
  wilson <- function(x, n) as.numeric(suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE))$conf.int)
  w1 <- wilson(x1, n1)
  w0 <- wilson(x0, n0)
  p1 <- x1 / n1
  p0 <- x0 / n0
  p1 - p0 + c(-sqrt((p1 - w1[1])^2 + (w0[2] - p0)^2), sqrt((w1[2] - p1)^2 + (p0 - w0[1])^2))
}

# The restricted estimate is the root of the score inside its range, found on a logit-like scale by uniroot,
# or an end when the score has one sign; independent of the closed form of the cubic.
restricted <- function(x1, n1, x0, n0, d) {
  ends <- c(max(0, -d), min(1, 1 - d))
  score <- function(u) {
    p0 <- ends[1] + (ends[2] - ends[1]) * plogis(u)
    p1 <- p0 + d
    term <- function(x, p) if (x == 0) 0 else x / p
    term(x1, p1) - term(n1 - x1, 1 - p1) + term(x0, p0) - term(n0 - x0, 1 - p0)
  }
  span <- 30
  if (score(-span) <= 0) return(ends[1])
  if (score(span) >= 0) return(ends[2])
  u <- uniroot(score, c(-span, span), tol = 1e-14, maxiter = 10000)$root
  ends[1] + (ends[2] - ends[1]) * plogis(u)
}
miettinen_nurminen <- function(x1, n1, x0, n0, level) {
  observed <- x1 / n1 - x0 / n0
  critical <- qchisq(level, 1)
  excess <- function(d) {
    p0 <- restricted(x1, n1, x0, n0, d)
    p1 <- p0 + d
    variance <- (p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0) * (n1 + n0) / (n1 + n0 - 1)
    (observed - d)^2 / variance - critical
  }
  near <- 1e-6
  find <- function(range) uniroot(excess, range, tol = 1e-14, maxiter = 10000)$root
  c(
    if (observed == -1) -1 else find(c(-1 + 1e-9, observed - near)),
    if (observed == 1) 1 else find(c(observed + near, 1 - 1e-9))
  )
}
difference_limits <- function(p1, n1, p0, n0, z) {
  pmin(pmax(p1 - p0 + c(-1, 1) * z * sqrt(p1 * (1 - p1) / n1 + p0 * (1 - p0) / n0), -1), 1)
}

two <- list()
add <- function(x1, n1, x0, n0, level, measure, method, estimate, limits) {
  two[[length(two) + 1]] <<- list(
    count1 = x1, total1 = n1, count0 = x0, total0 = n0, measure = measure, method = method,
    conf_level = level, estimate = estimate, lower = limits[1], upper = limits[2]
  )
}
cases <- list(
  c(36, 154, 12, 77), c(0, 10, 0, 12), c(10, 10, 12, 12), c(5, 5, 0, 5), c(0, 5, 5, 5), c(3, 10, 0, 7),
  c(0, 24, 4, 24), c(56, 70, 48, 80), c(9, 10, 3, 10), c(1, 1, 0, 1), c(23, 24, 24, 24)
)
for (level in c(0.95, 0.9)) {
  z <- qnorm((1 + level) / 2)
  for (case in cases) {
    x1 <- case[1]; n1 <- case[2]; x0 <- case[3]; n0 <- case[4]
    p1 <- x1 / n1; p0 <- x0 / n0
    rd <- p1 - p0
    add(x1, n1, x0, n0, level, "risk-difference", "newcombe", rd, newcombe(x1, n1, x0, n0, level))
    add(x1, n1, x0, n0, level, "risk-difference", "miettinen-nurminen", rd, miettinen_nurminen(x1, n1, x0, n0, level))
    add(x1, n1, x0, n0, level, "risk-difference", "agresti-caffo", rd,
        difference_limits((x1 + 1) / (n1 + 2), n1 + 2, (x0 + 1) / (n0 + 2), n0 + 2, z))
    if (p1 * (1 - p1) + p0 * (1 - p0) > 0) {
      add(x1, n1, x0, n0, level, "risk-difference", "wald", rd, difference_limits(p1, n1, p0, n0, z))
    }
    if (x1 > 0 && x0 > 0 && (x1 < n1 || x0 < n0)) {
      add(x1, n1, x0, n0, level, "risk-ratio", "katz-log", p1 / p0,
          exp(log(p1 / p0) + c(-1, 1) * z * sqrt((1 - p1) / x1 + (1 - p0) / x0)))
    }
    if (all(c(x1, n1 - x1, x0, n0 - x0) > 0)) {
      or <- p1 / (1 - p1) / (p0 / (1 - p0))
      add(x1, n1, x0, n0, level, "odds-ratio", "woolf-log", or,
          exp(log(or) + c(-1, 1) * z * sqrt(1 / x1 + 1 / (n1 - x1) + 1 / x0 + 1 / (n0 - x0))))
    }
  }
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
write(toJSON(list(r = R.version.string, one = one, two = two), digits = NA, auto_unbox = TRUE, na = "null", pretty = 1),
      file.path(here, "proportions.json"))
