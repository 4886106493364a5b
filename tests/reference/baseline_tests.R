# Tests of whether groups differ in a characteristic, adjusted p-values, and errors of standardized differences by a
# numerical derivative of the difference itself. Writes baseline_tests.json beside this script.
library(jsonlite)

numbers <- list(
  a = c(4.1, 2.5, 9.75, 2.5, 3.3, 7, 1.2, 8.8, 5, 6.1, 2.5),
  b = c(12, 7, 3, 14, 5, 1, 9, 10, 2.5, 7),
  c = c(1, 2, 2, 2, 3, 5, 8, 2.5, 7)
)
of <- function(test, df = NA) {
  list(statistic = unname(test$statistic), df = unname(df), p_value = test$p.value)
}
two <- function(x, y) {
  g <- factor(rep(1:2, c(length(x), length(y))))
  all <- c(x, y)
  f <- summary(aov(all ~ g))[[1]]
  # the statistic that R calls W is no z; its p-value gives it back, and the sign is that of W less its mean
  z <- function(correct) {
    w <- wilcox.test(x, y, exact = FALSE, correct = correct)
    list(statistic = sign(w$statistic[[1]] - length(x) * length(y) / 2) * qnorm(1 - w$p.value / 2), p_value = w$p.value)
  }
  t <- t.test(x, y, var.equal = TRUE)
  w <- t.test(x, y)
  list(
    x = x, y = y, t = of(t, t$parameter), welch = of(w, w$parameter),
    anova = list(statistic = f[["F value"]][1], df = f[["Df"]][1], p_value = f[["Pr(>F)"]][1]),
    wilcoxon = z(FALSE), `wilcoxon-corrected` = z(TRUE),
    `kruskal-wallis` = of(kruskal.test(all, g), kruskal.test(all, g)$parameter)
  )
}
pairs <- list(two(numbers$a, numbers$b), two(numbers$b, numbers$c), two(numbers$c, numbers$a))

g <- factor(rep(names(numbers), lengths(numbers)))
all <- unlist(numbers)
f <- summary(aov(all ~ g))[[1]]
k <- kruskal.test(all, g)
three <- list(
  groups = unname(numbers),
  anova = list(statistic = f[["F value"]][1], df = f[["Df"]][1], p_value = f[["Pr(>F)"]][1]),
  `kruskal-wallis` = of(k, k$parameter)
)

tables <- list()
for (m in list(
  matrix(c(12, 5, 7, 9, 3, 14), 2), matrix(c(40, 22, 31, 39), 2), matrix(c(3, 0, 1, 6), 2), matrix(c(8, 2, 1, 5), 2),
  matrix(c(10, 20, 30, 8, 14, 41, 22, 9, 17), 3), matrix(c(5, 9, 0, 2, 17, 11, 3, 3), 2)
)) {
  found <- list(counts = m)
  x <- suppressWarnings(chisq.test(m, correct = FALSE))
  found$`chi-square` <- of(x, x$parameter)
  scores <- rep(col(m), m)
  group <- factor(rep(row(m), m))
  k <- kruskal.test(scores, group)
  found$`kruskal-wallis` <- of(k, k$parameter)
  if (nrow(m) == 2) {
    trend <- suppressWarnings(prop.trend.test(m[1, ], colSums(m), score = seq_len(ncol(m))))
    found$`cochran-armitage` <- of(trend, trend$parameter)
    for (correct in c(FALSE, TRUE)) {
      w <- wilcox.test(scores[group == 1], scores[group == 2], exact = FALSE, correct = correct)
      found[[if (correct) "wilcoxon-corrected" else "wilcoxon"]] <- list(p_value = w$p.value)
    }
  }
  if (all(dim(m) == 2)) {
    y <- suppressWarnings(chisq.test(m, correct = TRUE))
    found$`chi-square-corrected` <- of(y, y$parameter)
    found$fisher <- list(p_value = fisher.test(m)$p.value)
  }
  tables[[length(tables) + 1]] <- found
}

p <- c(0.04, 0.001, 0.8, 0.04, 0.012, 0.3)
adjusted <- list(p = p, holm = p.adjust(p, "holm"), bh = p.adjust(p, "BH"))

# The delta method with numerical derivatives, the variance of the moments taken from their influence: of a mean x - m,
# of a variance (x - m)^2 - s^2; of shares the multinomial covariance.
slope <- function(f, at) {
  sapply(seq_along(at), function(i) {
    h <- 1e-5 * max(abs(at[i]), 0.1)
    up <- down <- at
    up[i] <- up[i] + h
    down[i] <- down[i] - h
    (f(up) - f(down)) / (2 * h)
  })
}
errors <- list()
for (denominator in c("average", "treated")) {
  part <- if (denominator == "average") c(0.5, 0.5) else c(1, 0)
  x <- numbers$a
  y <- numbers$b
  d <- function(q) (q[1] - q[3]) / sqrt(part[1] * q[2] + part[2] * q[4])
  s <- slope(d, c(mean(x), var(x), mean(y), var(y)))
  spread <- function(x) {
    m <- mean(x)
    out <- matrix(c(var(x), mean((x - m)^3), mean((x - m)^3), mean((x - m)^4) - mean((x - m)^2)^2), 2)
    out / length(x)
  }
  error <- sqrt(s[1:2] %*% spread(x) %*% s[1:2] + s[3:4] %*% spread(y) %*% s[3:4])
  errors[[length(errors) + 1]] <- list(
    kind = "continuous", denominator = denominator, x = x, y = y,
    estimate = d(c(mean(x), var(x), mean(y), var(y))), std_error = c(error)
  )
  for (pair in list(list(c(12, 30, 8), c(20, 15, 9)), list(c(5, 5, 20, 1), c(9, 2, 30, 12)), list(c(14, 20), c(25, 12)))) {
    n <- sapply(pair, sum)
    k <- length(pair[[1]])
    cov_of <- function(q) diag(q, length(q)) - q %o% q
    reduced <- function(q) {
      q1 <- q[1:(k - 1)]
      q0 <- q[k:(2 * k - 2)]
      apart <- q1 - q0
      if (k == 2) return(apart / sqrt(part[1] * q1 * (1 - q1) + part[2] * q0 * (1 - q0)))
      sqrt(c(apart %*% solve(part[1] * cov_of(q1) + part[2] * cov_of(q0)) %*% apart))
    }
    q1 <- pair[[1]][-1] / n[1]
    q0 <- pair[[2]][-1] / n[2]
    s <- slope(reduced, c(q1, q0))
    first <- s[1:(k - 1)]
    second <- s[k:(2 * k - 2)]
    error <- sqrt(first %*% cov_of(q1) %*% first / n[1] + second %*% cov_of(q0) %*% second / n[2])
    errors[[length(errors) + 1]] <- list(
      kind = if (k == 2) "binary" else "categorical", denominator = denominator, x = pair[[1]], y = pair[[2]],
      estimate = reduced(c(q1, q0)), std_error = c(error)
    )
  }
}

# Noncentrality by root finding, for the limits of a distance
limits <- list()
for (case in list(c(0.35, 0.12, 3), c(0.05, 0.1, 2), c(1.4, 0.2, 4), c(0.9, 0.01, 3))) {
  squared <- (case[1] / case[2])^2
  find <- function(p, squared) {
    f <- function(l) pchisq(squared, case[3], ncp = l) - p
    if (f(0) <= 0) return(0)
    case[2] * sqrt(uniroot(f, c(0, 4 * squared + 50), tol = 1e-12)$root)
  }
  limits[[length(limits) + 1]] <- list(
    estimate = case[1], std_error = case[2], df = case[3], lower = find(0.975, squared),
    upper = max(find(0.025, max(squared, qchisq(0.5, case[3]))), case[1])
  )
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(
  r = R.version.string, pairs = pairs, three = three, tables = tables, adjusted = adjusted, errors = errors,
  limits = limits
)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), file.path(here, "baseline_tests.json"))
