# Summaries of a continuous variable, t intervals, and standardized mean differences.
# Writes smd.json beside this script.
library(jsonlite)

vectors <- list(
  odd = c(4.1, 2.5, 9.75, 2.5, 3.3, 7, 1.2, 8.8, 5),
  even = c(12, 7, 3, 14, 5, 1, 9, 10),
  ten = c(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0),
  large = 1e9 + c(3, 1, 4, 1, 5, 9, 2, 6, 5, 3, 5),
  one = 3.5,
  two = c(2, 1),
  three = c(3, 1, 2)
)
summaries <- list()
for (name in names(vectors)) {
  x <- vectors[[name]]
  for (type in 1:9) {
    q <- quantile(x, c(0, 0.25, 0.5, 0.75, 1), type = type, names = FALSE)
    summaries[[length(summaries) + 1]] <- list(
      name = name, x = I(x), quantile_type = type, n = length(x), mean = mean(x), std_deviation = sd(x),
      minimum = q[1], first_quartile = q[2], median = q[3], third_quartile = q[4], maximum = q[5]
    )
  }
}

# Weighted mean and standard deviation by cov.wt, whose weights sum to 1. A weighted quantile of type 2 with whole
# weights is the quantile of the values, each repeated as often as its weight says.
weighted <- list()
for (w in list(c(1, 2, 1, 3, 2, 1, 1, 4, 2), c(2, 2, 2, 2, 2, 2, 2, 2, 2), c(5, 1, 1, 1, 1, 1, 1, 1, 0))) {
  x <- vectors$odd
  moments <- cov.wt(matrix(x), wt = w / sum(w), method = "unbiased")
  q <- quantile(rep(x, w), c(0, 0.25, 0.5, 0.75, 1), type = 2, names = FALSE)
  weighted[[length(weighted) + 1]] <- list(
    x = x, weights = w, n = length(x), mean = moments$center[[1]], std_deviation = sqrt(moments$cov[1, 1]),
    minimum = q[1], first_quartile = q[2], median = q[3], third_quartile = q[4], maximum = q[5]
  )
}

t_tests <- list()
for (pair in list(c("odd", "even"), c("even", "odd"), c("ten", "three"), c("large", "odd"))) {
  x1 <- vectors[[pair[1]]]
  x0 <- vectors[[pair[2]]]
  for (level in c(0.95, 0.9)) {
    for (method in c("welch", "pooled")) {
      fit <- t.test(x1, x0, var.equal = method == "pooled", conf.level = level)
      t_tests[[length(t_tests) + 1]] <- list(
        x1 = x1, x0 = x0, method = method, conf_level = level, estimate = mean(x1) - mean(x0),
        std_error = fit$stderr, df = fit$parameter[[1]], statistic = fit$statistic[[1]],
        p_value = fit$p.value, lower = fit$conf.int[1], upper = fit$conf.int[2]
      )
    }
  }
}
means <- list()
for (name in c("odd", "even", "ten", "large", "two")) {
  fit <- t.test(vectors[[name]], conf.level = 0.9)
  means[[length(means) + 1]] <- list(
    x = vectors[[name]], conf_level = 0.9, estimate = fit$estimate[[1]], lower = fit$conf.int[1], upper = fit$conf.int[2]
  )
}

weighted_mean <- function(x, w) sum(w * x) / sum(w)
smd_continuous <- function(x1, x0, w1, w0, denominator) {
  variance <- if (denominator == "average") (var(x1) + var(x0)) / 2 else var(x1)
  (weighted_mean(x1, w1) - weighted_mean(x0, w0)) / sqrt(variance)
}
smd_binary <- function(x1, x0, w1, w0, denominator) {
  p1 <- mean(x1)
  p0 <- mean(x0)
  variance <- if (denominator == "average") (p1 * (1 - p1) + p0 * (1 - p0)) / 2 else p1 * (1 - p1)
  (weighted_mean(x1, w1) - weighted_mean(x0, w0)) / sqrt(variance)
}
# Yang and Dalton: drop the LAST level here, entry by entry as in their paper.
smd_categorical <- function(x1, x0, w1, w0, denominator) {
  levels <- sort(unique(c(x1, x0)))
  levels <- levels[-length(levels)]
  share <- function(x, w) sapply(levels, function(level) sum(w * (x == level)) / sum(w))
  p1 <- share(x1, rep(1, length(x1)))
  p0 <- share(x0, rep(1, length(x0)))
  k <- length(levels)
  s <- matrix(0, k, k)
  for (i in 1:k) for (j in 1:k) {
    entry1 <- if (i == j) p1[i] * (1 - p1[i]) else -p1[i] * p1[j]
    entry0 <- if (i == j) p0[i] * (1 - p0[i]) else -p0[i] * p0[j]
    s[i, j] <- if (denominator == "average") (entry1 + entry0) / 2 else entry1
  }
  t <- share(x1, w1) - share(x0, w0)
  sqrt(as.numeric(t(t) %*% solve(s) %*% t))
}

data <- list(
  continuous = list(x1 = c(61, 54, 70, 48, 66, 59, 73), x0 = c(52, 49, 63, 45, 58, 41)),
  binary = list(x1 = c(1, 0, 1, 1, 0, 1, 1), x0 = c(0, 0, 1, 0, 1, 0)),
  categorical = list(x1 = c("T1", "T3", "T2", "T4", "T3", "T3", "T4"), x0 = c("T1", "T2", "T1", "T3", "T2", "T4"))
)
w1 <- c(0.4, 0.7, 0.2, 0.9, 0.5, 0.6, 0.3)
w0 <- c(0.5, 0.8, 0.3, 0.1, 0.6, 0.9)
formula <- list(continuous = smd_continuous, binary = smd_binary, categorical = smd_categorical)
smd <- list()
for (kind in names(data)) for (denominator in c("average", "treated")) for (use in c(FALSE, TRUE)) {
  x1 <- data[[kind]]$x1
  x0 <- data[[kind]]$x0
  u1 <- if (use) w1 else rep(1, 7)
  u0 <- if (use) w0 else rep(1, 6)
  smd[[length(smd) + 1]] <- list(
    kind = kind, denominator = denominator, x1 = x1, x0 = x0, weights1 = if (use) w1 else NULL,
    weights0 = if (use) w0 else NULL, estimate = formula[[kind]](x1, x0, u1, u0, denominator)
  )
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(r = R.version.string, summaries = summaries, weighted = weighted, means = means, t_tests = t_tests, smd = smd)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), file.path(here, "smd.json"))
