# Two proportions of the same participants, from the definitions written out here: Newcombe's method 10 with Wilson
# limits by prop.test, and Wald by the standard error of a mean of -1, 0 and 1.
# Writes paired.json beside this script.
library(jsonlite)

wilson <- function(x, n, level) as.numeric(suppressWarnings(prop.test(x, n, conf.level = level, correct = FALSE))$conf.int)

newcombe <- function(a, b, c, d, level) {
  n <- a + b + c + d
  second <- wilson(a + b, n, level)
  first <- wilson(a + c, n, level)
  p2 <- (a + b) / n
  p1 <- (a + c) / n
  margins <- (a + b) * (c + d) * (a + c) * (b + d)
  cross <- a * d - b * c
  if (cross > n / 2) cross <- cross - n / 2 else if (cross >= 0) cross <- 0
  phi <- if (margins == 0) 0 else cross / sqrt(margins)
  low <- (p2 - second[1])^2 - 2 * phi * (p2 - second[1]) * (first[2] - p1) + (first[2] - p1)^2
  high <- (second[2] - p2)^2 - 2 * phi * (second[2] - p2) * (p1 - first[1]) + (p1 - first[1])^2
  p2 - p1 + c(-1, 1) * sqrt(c(low, high))
}

wald <- function(a, b, c, d, level) {
  change <- rep(c(0, 1, -1, 0), c(a, b, c, d))
  n <- length(change)
  error <- sqrt(mean((change - mean(change))^2) / n)
  mean(change) + c(-1, 1) * qnorm((1 + level) / 2) * error
}

cases <- list(
  c(1, 1, 7, 12), c(36, 2, 11, 20), c(60, 0, 40, 0), c(0, 5, 0, 5), c(10, 10, 10, 10), c(2, 9, 1, 3),
  c(150, 4, 2, 90), c(0, 1, 12, 8), c(3, 0, 0, 4), c(5, 6, 7, 0), c(0, 3, 0, 0), c(20, 1, 3, 1)
)
paired <- list()
for (level in c(0.95, 0.9)) {
  for (case in cases) {
    limits <- list(newcombe = do.call(newcombe, as.list(c(case, level))))
    if (case[2] + case[3] > 0) limits$wald <- pmin(pmax(do.call(wald, as.list(c(case, level))), -1), 1)
    for (method in names(limits)) {
      paired[[length(paired) + 1]] <- list(
        cells = case, method = method, conf_level = level,
        estimate = (case[2] - case[3]) / sum(case), lower = limits[[method]][1], upper = limits[[method]][2]
      )
    }
  }
}
write_json(
  list(r = R.version.string, paired = paired), "tests/reference/paired.json",
  digits = 15, auto_unbox = TRUE, pretty = 1
)
