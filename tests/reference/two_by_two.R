# Two proportions on 200 tables, empty and full groups among them: limits of differences and ratios, exact tests.
# Everything is written out here from the definitions; exact unconditional quantities by enumeration of all tables and a
# grid over the common or the reference's proportion, refined where it is highest. Takes ten minutes.
# Writes two_by_two.json beside this script.
library(jsonlite)

level <- 0.95
alpha <- 1 - level
z <- qnorm(1 - alpha / 2)

# 12 pairs of sizes with up to 16 tables each, then the tables of published examples, two of arms like a trial's, and two
# whose exact limit is no last but a first crossing.
sizes <- list(c(1, 1), c(2, 3), c(3, 12), c(5, 5), c(7, 4), c(10, 10), c(12, 9), c(20, 5), c(16, 16), c(24, 24),
              c(30, 18), c(25, 40))
grid <- list()
for (pair in sizes) {
  n1 <- pair[1]
  n0 <- pair[2]
  some <- function(n) unique(c(0, 1, round(n / 3), round(2 * n / 3), n - 1, n))
  all <- expand.grid(x1 = some(n1), x0 = some(n0))
  keep <- unique(round(seq(1, nrow(all), length.out = 16)))
  for (i in keep) grid[[length(grid) + 1]] <- c(all$x1[i], n1, all$x0[i], n0)
}
published <- list(c(36, 154, 12, 77), c(84, 101, 89, 105), c(56, 70, 48, 80), c(9, 10, 3, 10), c(2, 30, 1, 30),
                  c(7, 15, 12, 15), c(11, 15, 2, 8), c(83, 88, 69, 76), c(3, 40, 14, 40), c(0, 60, 5, 60),
                  c(19, 20, 1, 5), c(20, 30, 1, 18))
grid <- c(grid, published)
# small tables that fill up to 200
n <- 4
fill <- expand.grid(x1 = 0:6, x0 = 0:n)
for (i in seq_len(200 - length(grid))) grid[[length(grid) + 1]] <- c(fill$x1[i], 6, fill$x0[i], n)
stopifnot(length(grid) == 200)

# ---- one group
clopper_pearson <- function(x, n) {
  c(if (x == 0) 0 else qbeta(alpha / 2, x, n - x + 1), if (x == n) 1 else qbeta(1 - alpha / 2, x + 1, n - x))
}
wilson <- function(x, n) {
  p <- x / n
  half <- z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))
  limits <- (p + z^2 / (2 * n) + c(-1, 1) * half) / (1 + z^2 / n)
  c(if (x == 0) 0 else limits[1], if (x == n) 1 else limits[2])
}

# ---- difference: closed forms and score
newcombe <- function(x1, n1, x0, n0) {
  p1 <- x1 / n1
  p0 <- x0 / n0
  w1 <- wilson(x1, n1)
  w0 <- wilson(x0, n0)
  p1 - p0 + c(-sqrt((p1 - w1[1])^2 + (w0[2] - p0)^2), sqrt((w1[2] - p1)^2 + (p0 - w0[1])^2))
}
agresti_caffo <- function(x1, n1, x0, n0) {
  p1 <- (x1 + 1) / (n1 + 2)
  p0 <- (x0 + 1) / (n0 + 2)
  pmin(pmax(p1 - p0 + c(-1, 1) * z * sqrt(p1 * (1 - p1) / (n1 + 2) + p0 * (1 - p0) / (n0 + 2)), -1), 1)
}
# Farrington and Manning's closed form (Stat Med 1990;9:1447) of the maximum of the likelihood at a difference d
restricted <- function(x1, n1, x0, n0, d) {
  theta <- n0 / n1
  p1 <- x1 / n1
  p0 <- x0 / n0
  a <- 1 + theta
  b <- -(1 + theta + p1 + theta * p0 + d * (theta + 2))
  c <- d^2 + d * (2 * p1 + theta + 1) + p1 + theta * p0
  e <- -p1 * d * (1 + d)
  v <- b^3 / (3 * a)^3 - b * c / (6 * a^2) + e / (2 * a)
  u <- ifelse(v >= 0, 1, -1) * sqrt(pmax(b^2 / (3 * a)^2 - c / (3 * a), 0))
  w <- (pi + acos(pmin(pmax(ifelse(u == 0, 0, v / u^3), -1), 1))) / 3
  q1 <- pmin(pmax(2 * u * cos(w) - b / (3 * a), 0, d), 1, 1 + d)
  list(p1 = q1, p0 = pmin(pmax(q1 - d, 0), 1))
}
# the same by maximizing the likelihood, to hold the closed form
likelihood_maximum <- function(x1, n1, x0, n0, d) {
  ends <- c(max(0, -d), min(1, 1 - d))
  term <- function(x, p) ifelse(x == 0, 0, x * log(p))
  f <- function(p0) {
    p1 <- p0 + d
    term(x1, p1) + term(n1 - x1, 1 - p1) + term(x0, p0) + term(n0 - x0, 1 - p0)
  }
  optimize(f, ends, maximum = TRUE, tol = 1e-10)$maximum
}
set.seed(1)
for (i in 1:200) {
  n1 <- sample(1:40, 1); n0 <- sample(1:40, 1); x1 <- sample(0:n1, 1); x0 <- sample(0:n0, 1); d <- runif(1, -0.9, 0.9)
  stopifnot(abs(restricted(x1, n1, x0, n0, d)$p0 - likelihood_maximum(x1, n1, x0, n0, d)) < 1e-4)
}
score <- function(x1, n1, x0, n0, d) {
  q <- restricted(x1, n1, x0, n0, d)
  above <- x1 / n1 - x0 / n0 - d
  error <- sqrt(q$p1 * (1 - q$p1) / n1 + q$p0 * (1 - q$p0) / n0)
  ifelse(error > 0, above / error, ifelse(abs(above) < 1e-12, 0, sign(above) * Inf))
}
miettinen_nurminen <- function(x1, n1, x0, n0) {
  observed <- x1 / n1 - x0 / n0
  n <- n1 + n0
  excess <- function(d) score(x1, n1, x0, n0, d)^2 * (n - 1) / n - z^2
  find <- function(range) uniroot(excess, range, tol = 1e-13, maxiter = 10000)$root
  c(if (observed == -1) -1 else find(c(-1 + 1e-9, observed - 1e-6)),
    if (observed == 1) 1 else find(c(observed + 1e-6, 1 - 1e-9)))
}

# ---- difference: Chan and Zhang, by enumeration
statistics <- function(n1, n0, d) outer(0:n1, 0:n0, function(a, b) score(a, n1, b, n0, d))
tail_region <- function(x1, n1, x0, n0, d) {
  statistic <- statistics(n1, n0, d)
  observed <- statistic[x1 + 1, x0 + 1]
  (statistic >= observed - 1e-7 * max(1, abs(observed))) * 1
}
one_sided <- function(region, n1, n0, d) {
  ends <- c(max(0, -d), min(1, 1 - d))
  probability <- function(p0) {
    m1 <- matrix(dbinom(rep(0:n1, each = length(p0)), n1, rep(pmin(pmax(p0 + d, 0), 1), n1 + 1)), length(p0))
    m0 <- matrix(dbinom(rep(0:n0, each = length(p0)), n0, rep(p0, n0 + 1)), length(p0))
    rowSums((m1 %*% region) * m0)
  }
  highest(probability, ends, 60 + 8 * round(sqrt(n1 + n0)))
}
highest <- function(probability, ends, points) {
  at <- ends[1] + diff(ends) * sin(seq(0, pi / 2, length.out = points))^2
  values <- probability(at)
  best <- max(values)
  for (i in order(values, decreasing = TRUE)[1:3]) {
    around <- range(at[c(max(1, i - 1), min(points, i + 1))])
    best <- max(best, optimize(function(p) probability(p), around, maximum = TRUE, tol = 1e-10)$objective)
  }
  best
}
# The least difference whose p-value exceeds. From -1 to the estimate in steps, and wherever a table enters or leaves the
# tail between two of them, found as the root of the difference of two statistics; in between the p-value grows. Of
# larger groups, only where the p-value comes near: their single tables weigh little.
changes <- function(x1, n1, x0, n0, ends, regions) {
  changed <- which(regions[[1]] != regions[[2]], arr.ind = TRUE)
  apart <- function(d, a, b) score(a, n1, b, n0, d) - score(x1, n1, x0, n0, d)
  roots <- apply(changed, 1, function(at) {
    f <- function(d) apart(d, at[1] - 1, at[2] - 1)
    if (f(ends[1]) * f(ends[2]) > 0) NA else uniroot(f, ends, tol = 1e-12)$root
  })
  sort(unique(roots[!is.na(roots)]))
}
lower_limit <- function(x1, n1, x0, n0) {
  observed <- x1 / n1 - x0 / n0
  if (observed == -1) return(-1)
  p_value <- function(d) one_sided(tail_region(x1, n1, x0, n0, d), n1, n0, d)
  large <- n1 + n0 > 60
  at <- seq(-1 + 1e-6, observed, length.out = if (large) 150 else 500)
  region <- tail_region(x1, n1, x0, n0, at[1])
  for (i in seq_along(at)[-1]) {
    nearer <- tail_region(x1, n1, x0, n0, at[i])
    value <- one_sided(nearer, n1, n0, at[i])
    points <- at[i]
    if (any(region != nearer) && (!large || value > alpha / 8)) {
      points <- c(changes(x1, n1, x0, n0, at[c(i - 1, i)], list(region, nearer)), at[i])
    }
    before <- at[i - 1]
    for (d in points) {
      if (p_value(d) > alpha / 2) {
        inside <- d
        while (inside - before > 1e-9) {
          middle <- (inside + before) / 2
          if (p_value(middle) > alpha / 2) inside <- middle else before <- middle
        }
        return(inside)
      }
      before <- d
    }
    region <- nearer
  }
  observed
}
chan_zhang <- function(x1, n1, x0, n0) c(lower_limit(x1, n1, x0, n0), -lower_limit(x0, n0, x1, n1))

# ---- ratio of risks
none <- c(NA, NA, NA)
katz <- function(x1, n1, x0, n0) {
  if (x1 == 0 || x0 == 0) return(none)
  rr <- (x1 / n1) / (x0 / n0)
  error <- sqrt((1 - x1 / n1) / x1 + (1 - x0 / n0) / x0)
  if (error == 0) c(rr, NA, NA) else c(rr, exp(log(rr) + c(-1, 1) * z * error))
}
ratio_score <- function(x1, n1, x0, n0, factor) {
  if (x1 == 0 || x0 == 0) return(none)
  rr <- (x1 / n1) / (x0 / n0)
  # the maximum of the likelihood at a ratio is where the slope by p0 changes its sign
  excess <- function(u) {
    r <- exp(u)
    slope <- function(p) x1 / p - (n1 - x1) * r / (1 - r * p) + x0 / p - (n0 - x0) / (1 - p)
    top <- min(1, 1 / r)
    ends <- c(1e-14, 1 - 1e-15) * top
    p0 <- if (slope(ends[2]) > 0) top else uniroot(slope, ends, tol = 1e-16, maxiter = 10000)$root
    p1 <- min(r * p0, 1)
    variance <- (p1 * (1 - p1) / n1 + r^2 * p0 * (1 - p0) / n0) * factor
    (x1 / n1 - r * x0 / n0)^2 / variance - z^2
  }
  find <- function(range) exp(uniroot(excess, range, tol = 1e-12, maxiter = 10000)$root)
  c(rr, find(log(rr) + c(-12, -1e-5)), find(log(rr) + c(1e-5, 12)))
}

# ---- ratio of odds
woolf <- function(x1, n1, x0, n0) {
  cells <- c(x1, n1 - x1, x0, n0 - x0)
  if (any(cells == 0)) return(none)
  or <- x1 * (n0 - x0) / ((n1 - x1) * x0)
  c(or, exp(log(or) + c(-1, 1) * z * sqrt(sum(1 / cells))))
}
conditional <- function(x1, n1, x0, n0) {
  if (any(c(x1, n1 - x1, x0, n0 - x0) == 0)) return(none)
  m <- x1 + x0
  support <- max(0, m - n0):min(n1, m)
  logs <- dhyper(support, n1, n0, m, log = TRUE)
  mass <- function(u) {
    terms <- logs + support * u
    exp(terms - max(terms)) / sum(exp(terms - max(terms)))
  }
  find <- function(f) exp(uniroot(f, c(-30, 30), tol = 1e-13, maxiter = 10000)$root)
  found <- c(find(function(u) sum(support * mass(u)) - x1),
             find(function(u) log(sum(mass(u)[support >= x1])) - log(alpha / 2)),
             find(function(u) log(sum(mass(u)[support <= x1])) - log(alpha / 2)))
  # fisher.test seeks the ratio, or 1 over it, between 0 and 1, and stops at about four digits behind the point
  theirs <- fisher.test(matrix(c(x1, n1 - x1, x0, n0 - x0), 2))
  theirs <- c(theirs$estimate, theirs$conf.int)
  stopifnot(all(abs(ifelse(found > 1, 1 / theirs - 1 / found, theirs - found)) < 5e-4))
  found
}

# ---- tests
fisher <- function(x1, n1, x0, n0) fisher.test(matrix(c(x1, n1 - x1, x0, n0 - x0), 2))$p.value
worst_common <- function(region, n1, n0) {
  probability <- function(p) {
    m1 <- matrix(dbinom(rep(0:n1, each = length(p)), n1, rep(p, n1 + 1)), length(p))
    m0 <- matrix(dbinom(rep(0:n0, each = length(p)), n0, rep(p, n0 + 1)), length(p))
    rowSums((m1 %*% region) * m0)
  }
  highest(probability, c(0, 1), 2000)
}
barnard <- function(x1, n1, x0, n0) {
  statistic <- outer(0:n1, 0:n0, function(a, b) {
    p <- (a + b) / (n1 + n0)
    error <- sqrt(p * (1 - p) * (1 / n1 + 1 / n0))
    ifelse(error > 0, abs(a / n1 - b / n0) / error, 0)
  })
  worst_common((statistic >= statistic[x1 + 1, x0 + 1] - 1e-9) * 1, n1, n0)
}
boschloo <- function(x1, n1, x0, n0) {
  sides <- c(fewer = TRUE, more = FALSE)
  found <- sapply(sides, function(side) {
    tails <- outer(0:n1, 0:n0, function(a, b) phyper(if (side) a else a - 1, n1, n0, a + b, lower.tail = side))
    worst_common((tails <= tails[x1 + 1, x0 + 1] * (1 + 1e-9)) * 1, n1, n0)
  })
  min(1, 2 * min(found))
}

describe <- function(case) {
  x1 <- case[1]; n1 <- case[2]; x0 <- case[3]; n0 <- case[4]
  rd <- x1 / n1 - x0 / n0
  alike <- (x1 + x0) %in% c(0, n1 + n0)
  list(
    table = case,
    one = list("clopper-pearson" = c(x1 / n1, clopper_pearson(x1, n1)), "wilson" = c(x1 / n1, wilson(x1, n1))),
    two = list(
      "risk-difference" = list(
        "newcombe" = c(rd, newcombe(x1, n1, x0, n0)), "miettinen-nurminen" = c(rd, miettinen_nurminen(x1, n1, x0, n0)),
        "agresti-caffo" = c(rd, agresti_caffo(x1, n1, x0, n0)), "chan-zhang" = c(rd, chan_zhang(x1, n1, x0, n0))),
      "risk-ratio" = list(
        "katz-log" = katz(x1, n1, x0, n0), "koopman" = ratio_score(x1, n1, x0, n0, 1),
        "miettinen-nurminen" = ratio_score(x1, n1, x0, n0, (n1 + n0) / (n1 + n0 - 1))),
      "odds-ratio" = list(
        "woolf-log" = woolf(x1, n1, x0, n0), "exact-conditional" = conditional(x1, n1, x0, n0))),
    tests = list(
      "fisher" = if (alike) NA else fisher(x1, n1, x0, n0), "barnard" = if (alike) NA else barnard(x1, n1, x0, n0),
      "boschloo" = if (alike) NA else boschloo(x1, n1, x0, n0))
  )
}
tables <- lapply(grid, describe)

# ---- multiplicity: Fisher's p-values of all tables, missing ones among them
p <- sapply(tables, function(t) t$tests$fisher)
family <- list(p = p, bh = p.adjust(p, "BH"), holm = p.adjust(p, "holm"))

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
write(toJSON(list(r = R.version.string, conf_level = level, tables = tables, family = family), digits = NA,
             auto_unbox = TRUE, na = "null"),
      file.path(here, "two_by_two.json"))
