# Rubin's rules, and moments of imputations by chained equations. Writes imputation.json beside this script.
library(jsonlite)
suppressPackageStartupMessages(library(mice))

pools <- list()
for (case in list(
  list(q = c(0.5, 0.7, 0.4, 0.6, 0.55), u = c(0.04, 0.05, 0.045, 0.04, 0.042), df = Inf),
  list(q = c(0.5, 0.7, 0.4, 0.6, 0.55), u = c(0.04, 0.05, 0.045, 0.04, 0.042), df = 38),
  list(q = c(-1.2, -0.1, -2.4), u = c(0.2, 0.1, 0.3), df = 12),
  list(q = c(10, 10.5), u = c(1, 1.5), df = 1000),
  list(q = sin(1:40), u = 1 + cos(1:40)^2, df = 480)
)) {
  for (level in c(0.95, 0.9)) {
    p <- pool.scalar(case$q, case$u, n = case$df + 1, k = 1)
    half <- qt(1 - (1 - level) / 2, p$df) * sqrt(p$t)
    pools[[length(pools) + 1]] <- list(
      estimates = case$q, variances = case$u, complete_df = if (is.infinite(case$df)) "Inf" else case$df,
      conf_level = level, estimate = p$qbar, std_error = sqrt(p$t), df = p$df, within = p$ubar, between = p$b,
      increase = p$r, missing_information = p$fmi, lower = p$qbar - half, upper = p$qbar + half,
      p_value = 2 * pt(-abs(p$qbar) / sqrt(p$t), p$df)
    )
  }
}

# Missing at random: who lacks x depends on y, who lacks the flag on z, who lacks the group on both.
set.seed(20260101)
n <- 240
z <- round(rnorm(n), 3)
arm <- rbinom(n, 1, plogis(0.5 * z))
x <- round(1 + 0.6 * z + 0.4 * arm + rnorm(n), 3)
flag <- rbinom(n, 1, plogis(-0.3 + 0.8 * x))
group <- 1 + rowSums(outer(x + rlogis(n), c(0.3, 1.8), ">"))
y <- round(0.5 * x + 0.4 * flag + 0.3 * (group == 3) + rnorm(n), 3)
x[runif(n) < plogis(-1 + y)] <- NA
flag[runif(n) < plogis(-1 + z)] <- NA
group[runif(n) < plogis(-1.5 + 0.5 * z + 0.5 * arm)] <- NA
frame <- data.frame(arm, flag = factor(flag), group = factor(group), x, y, z)
m <- 300
moments <- list()
for (method in c("norm", "pmm")) {
  how <- c(arm = "", flag = "logreg", group = "polyreg", x = method, y = "", z = "")
  filled <- complete(mice(frame, m = m, maxit = 10, method = how, seed = 7, printFlag = FALSE), "all")
  every <- sapply(filled, function(d) {
    fit <- lm(x ~ arm + z, data = d)
    c(
      x = mean(d$x), x2 = mean(d$x^2), xy = mean(d$x * d$y), flag = mean(d$flag == 1), flag_x = mean((d$flag == 1) * d$x),
      group2 = mean(d$group == 2), group3 = mean(d$group == 3), group3_x = mean((d$group == 3) * d$x),
      slope = coef(fit)[["arm"]], slope_variance = vcov(fit)["arm", "arm"]
    )
  })
  moments[[method]] <- list(mean = as.list(rowMeans(every)), variance = as.list(apply(every, 1, var)))
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(
  r = R.version.string, mice = as.character(packageVersion("mice")), pools = pools, imputations = m,
  data = list(arm = arm, flag = flag, group = group, x = x, y = y, z = z), moments = moments
)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), file.path(here, "imputation.json"))
