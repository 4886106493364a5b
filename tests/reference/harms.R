# A family of adverse events of 260 drawn participants by arm: differences, ratios and Fisher's tests of the counts, the
# tests of the family by Benjamini and Hochberg and by Holm, and the same contrasts by overlap weights of a logistic score
# on age and sex: the score by glm, the variance by equations stacked by hand. Limits of a difference by Newcombe's
# formula. Writes harms.json beside this script, the data included.
library(jsonlite)

set.seed(53)
n <- 260
age <- round(runif(n, 40, 78))
sex <- sample(c("F", "M"), n, TRUE)
treated <- rbinom(n, 1, plogis(-0.4 + 0.05 * (age - 58) - 0.6 * (sex == "M")))
worst <- function(intercept, effect, by_age) {
  rises <- plogis(intercept + effect * treated + by_age * (age - 58))
  as.integer(runif(n) < rises) * sample(2:4, n, TRUE, c(0.4, 0.4, 0.2))
}
grades <- data.frame(
  Nausea = worst(0.2, -0.7, 0.03), Pain = worst(-0.5, 0.6, 0), Rash = worst(-2.2, 0.9, 0.04), Cough = worst(-4, 0, 0)
)
family <- list(
  list(code = "NAUSEA", terms = "Nausea", grade = 2), list(code = "PAIN", terms = "Pain", grade = 3),
  list(code = "RASH", terms = "Rash", grade = 2), list(code = "COUGH", terms = "Cough", grade = 3),
  list(code = "EITHER", terms = c("Pain", "Rash"), grade = 3), list(code = "ANY", terms = names(grades), grade = 2),
  list(code = "NOBODY", terms = "Cough", grade = 5)
)

z <- qnorm(0.975)
wilson <- function(x, n) {
  p <- x / n
  (p + z^2 / (2 * n) + c(-1, 1) * z * sqrt(p * (1 - p) / n + z^2 / (4 * n^2))) / (1 + z^2 / n)
}
observed <- function(y) {
  x <- c(sum(y[treated == 1]), sum(y[treated == 0]))
  m <- c(sum(treated == 1), sum(treated == 0))
  p <- x / m
  first <- wilson(x[1], m[1])
  last <- wilson(x[2], m[2])
  difference <- c(
    p[1] - p[2], p[1] - p[2] - sqrt((p[1] - first[1])^2 + (last[2] - p[2])^2),
    p[1] - p[2] + sqrt((first[2] - p[1])^2 + (p[2] - last[1])^2)
  )
  katz <- sqrt(1 / x[1] - 1 / m[1] + 1 / x[2] - 1 / m[2])
  woolf <- sqrt(sum(1 / x) + sum(1 / (m - x)))
  odds <- p / (1 - p)
  list(
    counts = x, totals = m, risk_difference = difference,
    risk_ratio = p[1] / p[2] * exp(c(0, -z, z) * katz), odds_ratio = odds[1] / odds[2] * exp(c(0, -z, z) * woolf),
    p_value = if (sum(x)) fisher.test(rbind(x, m - x))$p.value else NA
  )
}

# the score, and the sandwich of its equations and those of both risks
design <- cbind(1, age, sex == "M")
fit <- glm(treated ~ age + sex, family = binomial, control = list(epsilon = 1e-14, maxit = 100))
e <- fitted(fit)
weighted <- function(y) {
  w1 <- treated * (1 - e)
  w0 <- (1 - treated) * e
  risks <- c(sum(w1 * y) / sum(w1), sum(w0 * y) / sum(w0))
  # derivatives of each equation: the weight of the first arm falls by e (1 - e), that of the other rises by it
  slope <- e * (1 - e)
  bread <- matrix(0, 5, 5)
  bread[1, 1] <- sum(w1)
  bread[2, 2] <- sum(w0)
  bread[1, 3:5] <- colSums(treated * slope * (y - risks[1]) * design)
  bread[2, 3:5] <- -colSums((1 - treated) * slope * (y - risks[2]) * design)
  bread[3:5, 3:5] <- t(design) %*% (slope * design)
  psi <- cbind(w1 * (y - risks[1]), w0 * (y - risks[2]), (treated - e) * design)
  inverse <- solve(bread)
  covariance <- (inverse %*% crossprod(psi) %*% t(inverse))[1:2, 1:2]
  of <- function(gradient) sqrt(drop(t(gradient) %*% covariance %*% gradient))
  odds <- risks / (1 - risks)
  list(
    risks = risks,
    risk_difference = risks[1] - risks[2] + c(0, -z, z) * of(c(1, -1)),
    risk_ratio = risks[1] / risks[2] * exp(c(0, -z, z) * of(c(1, -1) / risks)),
    odds_ratio = odds[1] / odds[2] * exp(c(0, -z, z) * of(c(1, -1) / (risks * (1 - risks))))
  )
}

found <- lapply(family, function(one) {
  y <- as.integer(do.call(pmax, grades[one$terms]) >= one$grade)
  list(event = one, unadjusted = observed(y), overlap = if (sum(y)) weighted(y) else NULL)
})
p <- sapply(found, function(one) one$unadjusted$p_value)
printed <- list(
  versions = list(R = R.version.string),
  people = data.frame(age = age, sex = sex, treated = treated, grades), family = found,
  adjusted = list(`benjamini-hochberg` = p.adjust(p, "BH"), holm = p.adjust(p, "holm"))
)
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
write(toJSON(printed, digits = I(15), auto_unbox = TRUE, na = "null", null = "null"), file.path(here, "harms.json"))
