# Group-sequential boundaries by error spending: rpact, and crossing probabilities by the multivariate normal.
if (!requireNamespace("rpact", quietly = TRUE)) {
  message("rpact is not here: nothing is written")
  quit()
}
suppressMessages({library(rpact); library(mvtnorm); library(jsonlite)})

argument <- grep("^--file=", commandArgs(FALSE), value = TRUE)
target <- sub("[.]R$", ".json", sub("^--file=", "", argument))
kinds <- c("obrien-fleming" = "asOF", "pocock" = "asP", "hwang-shih-decani" = "asHSD", "power" = "asKD")
late <- c("obrien-fleming" = "bsOF", "pocock" = "bsP", "hwang-shih-decani" = "bsHSD", "power" = "bsKD")
rates <- list(even = (1:5) / 5, uneven = c(0.17, 0.41, 0.58, 0.93, 1), three = c(0.3, 0.35, 1), two = c(0.5, 1))

spending <- function(name, parameter, t, sides, alpha) {
  arguments <- list(kMax = length(t), alpha = alpha * sides, sided = sides, informationRates = t,
                    typeOfDesign = kinds[[name]], tolerance = 1e-10, twoSidedPower = FALSE)
  if (!is.na(parameter)) arguments$gammaA <- parameter
  do.call(getDesignGroupSequential, arguments)
}

# Without futility: boundaries, spent error, power and mean information at a shift
plain <- list()
for (rate in names(rates)) for (sides in 1:2) for (alpha in c(0.025, 0.005)) {
  for (rule in list(list("obrien-fleming", NA), list("pocock", NA), list("hwang-shih-decani", -4),
                    list("hwang-shih-decani", 1), list("power", 1), list("power", 3))) {
    t <- rates[[rate]]
    found <- spending(rule[[1]], rule[[2]], t, sides, alpha)
    shape <- getDesignCharacteristics(found)
    plain[[length(plain) + 1]] <- list(
      function_ = rule[[1]], parameter = rule[[2]], information = t, sides = sides, alpha = alpha,
      upper = found$criticalValues, spent = found$alphaSpent / sides, nominal = found$stageLevels,
      power = 1 - found$beta, shift = shape$shift, inflation = shape$inflationFactor,
      mean_null = shape$averageSampleNumber0,
      mean_effect = shape$averageSampleNumber1)
  }
}

# With futility that is or is not binding
futile <- list()
for (rate in c("even", "uneven", "two")) for (binding in c(FALSE, TRUE)) for (beta in c(0.1, 0.2)) {
  for (rule in list(list("obrien-fleming", NA, "obrien-fleming", NA), list("pocock", NA, "pocock", NA),
                    list("hwang-shih-decani", -4, "hwang-shih-decani", -2),
                    list("obrien-fleming", NA, "hwang-shih-decani", -4), list("power", 2, "power", 1.5))) {
    t <- rates[[rate]]
    arguments <- list(kMax = length(t), alpha = 0.025, beta = beta, sided = 1, informationRates = t,
                      typeOfDesign = kinds[[rule[[1]]]], typeBetaSpending = late[[rule[[3]]]],
                      bindingFutility = binding, tolerance = 1e-10)
    if (!is.na(rule[[2]])) arguments$gammaA <- rule[[2]]
    if (!is.na(rule[[4]])) arguments$gammaB <- rule[[4]]
    found <- tryCatch(do.call(getDesignGroupSequential, arguments), error = function(e) NULL)
    if (is.null(found)) next
    shape <- getDesignCharacteristics(found)
    futile[[length(futile) + 1]] <- list(
      function_ = rule[[1]], parameter = rule[[2]], futility = rule[[3]], futility_parameter = rule[[4]], beta = beta,
      binding = binding, information = t, upper = found$criticalValues, lower = found$futilityBounds,
      beta_spent = found$betaSpent, shift = shape$shift)
  }
}

# Wang and Tsiatis, Pocock, O'Brien and Fleming: boundaries of a shape
shaped <- list()
for (k in c(2, 3, 5, 10)) for (shape in c(0, 0.1, 0.25, 0.4, 0.5)) for (alpha in c(0.005, 0.025, 0.05)) {
  found <- getDesignGroupSequential(kMax = k, alpha = 2 * alpha, sided = 2, typeOfDesign = "WT", deltaWT = shape,
                                    tolerance = 1e-10)
  shaped[[length(shaped) + 1]] <- list(looks = k, shape = shape, alpha = alpha, upper = found$criticalValues)
}

# Crossing probabilities of any limits at any drift, from the definition: at each look between the limits before it
crossing <- list()
exact <- Miwa(steps = 1024)
between <- function(t, drift, low, high) {
  if (length(t) == 1) return(pnorm(high, drift * sqrt(t)) - pnorm(low, drift * sqrt(t)))
  cover <- outer(t, t, function(a, b) sqrt(pmin(a, b) / pmax(a, b)))
  as.numeric(pmvnorm(low, high, mean = drift * sqrt(t), corr = cover, algorithm = exact))
}
far <- 12
for (drift in c(-1, 0, 0.7, 2.5, 4)) for (t in list(c(0.5, 1), c(0.2, 0.7, 1), c(0.1, 0.35, 0.8, 1.05))) {
  upper <- 2.2 + 0.4 / sqrt(t)
  lower <- -0.8 + 1.1 * t
  above <- below <- numeric(0)
  for (k in seq_along(t)) {
    before <- seq_len(k - 1)
    above[k] <- between(t[1:k], drift, c(lower[before], upper[k]), c(upper[before], far))
    below[k] <- between(t[1:k], drift, c(lower[before], -far), c(upper[before], lower[k]))
  }
  crossing[[length(crossing) + 1]] <- list(information = t, drift = drift, upper = upper, lower = lower,
                                           above = above, below = below)
}

# Conditional and predictive power at a grid: the probability of the last statistic, integrated over the drift
power <- list()
for (z in c(-1, 0, 1.5, 3)) for (t in c(0.1, 0.5, 0.9)) for (final in c(1.96, 2.3)) {
  given <- function(drift) pnorm(final - z * sqrt(t), drift * (1 - t), sqrt(1 - t), lower.tail = FALSE)
  weigh <- function(drift) given(drift) * dnorm(drift, z / sqrt(t), 1 / sqrt(t))
  spread <- 12 / sqrt(t)
  flat <- integrate(weigh, z / sqrt(t) - spread, z / sqrt(t) + spread, rel.tol = 1e-12, subdivisions = 2000)$value
  known <- t + 1 / 1.5 ^ 2
  mean <- (z * sqrt(t) + 2 / 1.5 ^ 2) / known
  prior <- integrate(function(drift) given(drift) * dnorm(drift, mean, 1 / sqrt(known)),
                     mean - 12 / sqrt(known), mean + 12 / sqrt(known), rel.tol = 1e-12, subdivisions = 2000)$value
  power[[length(power) + 1]] <- list(z = z, fraction = t, final = final, trend = given(z / sqrt(t)), null = given(0),
                                     at_three = given(3), predictive = flat, predictive_prior = prior)
}

made <- list(versions = list(R = R.version.string, rpact = as.character(packageVersion("rpact")),
                             mvtnorm = as.character(packageVersion("mvtnorm"))),
             plain = plain, futile = futile, shaped = shaped, crossing = crossing, power = power)
write(toJSON(made, digits = 15, auto_unbox = TRUE, na = "null", pretty = FALSE), target)
