# The smooth course of a coefficient over scaled Schoenfeld residuals, and nested models, by packages survival and splines.
# Writes course.json beside this script, the data included.
library(survival)
library(splines)
library(jsonlite)

samples <- list(
  veteran = data.frame(time = veteran$time, event = veteran$status, a = veteran$karno / 10, b = as.integer(veteran$trt == 2)),
  lung = data.frame(time = lung$time, event = lung$status - 1, a = lung$age / 10, b = as.integer(lung$sex == 2))
)

courses <- list()
nested <- list()
for (name in names(samples)) {
  s <- samples[[name]]
  for (ties in c("efron", "breslow")) {
    larger <- coxph(Surv(time, event) ~ a + b, s, ties = ties)
    smaller <- coxph(Surv(time, event) ~ b, s, ties = ties)
    compared <- anova(smaller, larger)
    nested[[length(nested) + 1]] <- list(sample = name, ties = ties, statistic = compared$Chisq[2], df = compared$Df[2],
                                         p_value = compared[["Pr(>|Chi|)"]][2])
  }
  fit <- coxph(Surv(time, event) ~ a + b, s)
  for (transform in c("km", "identity")) {
    for (knots in c(2, 4)) {
      zph <- cox.zph(fit, transform = transform, terms = FALSE)
      at <- quantile(zph$x, seq(0, 1, length.out = knots))
      grid <- seq(min(zph$x), max(zph$x), length.out = 40)
      basis <- function(x) ns(x, knots = at[-c(1, knots)], Boundary.knots = at[c(1, knots)], intercept = TRUE)
      for (column in 1:2) {
        x <- basis(zph$x)
        weights <- basis(grid) %*% solve(crossprod(x))
        error <- sqrt(length(zph$x) * fit$var[column, column] * rowSums((weights %*% crossprod(x)) * weights))
        estimate <- as.vector(weights %*% crossprod(x, zph$y[, column]))
        courses[[length(courses) + 1]] <- list(
          sample = name, transform = transform, knots = knots, column = c("a", "b")[column], variance = fit$var[column, column],
          estimate = estimate, lower = estimate - qnorm(0.975) * error, upper = estimate + qnorm(0.975) * error
        )
      }
    }
  }
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(r = R.version.string, survival = as.character(packageVersion("survival")), samples = samples,
            courses = courses, nested = nested)
write(toJSON(out, dataframe = "columns", digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "course.json"))
