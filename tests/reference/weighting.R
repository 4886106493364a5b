# Propensity scores, weights made from them, effective sizes, trimming, balance, E-values.
# Writes weighting.json beside this script. Data: lalonde of MatchIt, and numbers made here.
library(jsonlite)
library(survey)
suppressPackageStartupMessages(library(MatchIt))

strict <- glm.control(epsilon = 1e-14, maxit = 100)
printed <- function(fit, columns) {
  list(
    names = names(coef(fit)), coefficients = unname(coef(fit)), score = unname(fitted(fit)),
    vcov = unname(vcov(fit)), sandwich = unname(sandwich::sandwich(fit))
  )
}
kish <- function(w) sum(w)^2 / sum(w^2)
weighted <- function(e, a, y, x) {
  p <- mean(a)
  every <- list(
    ate = ifelse(a == 1, 1 / e, 1 / (1 - e)), att = ifelse(a == 1, 1, e / (1 - e)),
    ato = ifelse(a == 1, 1 - e, e), stabilized = ifelse(a == 1, p / e, (1 - p) / (1 - e))
  )
  lapply(every, function(w) {
    design <- svydesign(ids = ~1, weights = ~w, data = data.frame(w, a, y))
    means <- sapply(1:0, function(arm) coef(svymean(~y, subset(design, a == arm)))[[1]])
    smd <- function(v, whose) {
      s1 <- if (all(v %in% 0:1)) mean(v[a == 1]) * (1 - mean(v[a == 1])) else var(v[a == 1])
      s0 <- if (all(v %in% 0:1)) mean(v[a == 0]) * (1 - mean(v[a == 0])) else var(v[a == 0])
      s <- if (whose == "treated") s1 else (s1 + s0) / 2
      (weighted.mean(v[a == 1], w[a == 1]) - weighted.mean(v[a == 0], w[a == 0])) / sqrt(s)
    }
    list(
      weights = w, means = means, size1 = kish(w[a == 1]), size0 = kish(w[a == 0]),
      treated = unname(sapply(x, smd, "treated")), average = unname(sapply(x, smd, "average"))
    )
  })
}

# Crump: of all sets {e(1-e) at least so large} the one with the least variance bound, by looking at each.
crump <- function(e) {
  best <- Inf
  for (least in sort(unique(e * (1 - e)))) {
    inside <- e * (1 - e) >= least
    bound <- sum(1 / (e * (1 - e))[inside]) / sum(inside)^2
    if (bound < best) {
      best <- bound
      kept <- inside
    }
  }
  g <- 2 * mean(1 / (e * (1 - e))[kept])
  list(kept = as.integer(kept), alpha = if (all(kept)) 0 else 0.5 - sqrt(0.25 - 1 / g))
}

data(lalonde)
columns <- with(lalonde, data.frame(
  age, educ, hispan = as.numeric(race == "hispan"), white = as.numeric(race == "white"), married, nodegree, re74, re75
))
fit <- glm(lalonde$treat ~ ., data = columns, family = binomial, control = strict)
before <- summary(matchit(treat ~ age + educ + race + married + nodegree + re74 + re75, data = lalonde, method = NULL),
  standardize = TRUE)$sum.all
rows <- c("age", "educ", "racehispan", "racewhite", "married", "nodegree", "re74", "re75")
study <- list(
  treated = lalonde$treat, outcome = lalonde$re78, columns = as.list(columns), fit = printed(fit),
  matchit = unname(before[rows, "Std. Mean Diff."]),
  weighted = weighted(fitted(fit), lalonde$treat, lalonde$re78, columns), crump = crump(fitted(fit))
)

# How often each row counts, some not at all; and columns of very different size.
n <- 60
i <- seq_len(n)
made <- data.frame(
  day = 738000 + (i * 37) %% 365, size = ((i * 13) %% 17 / 17)^3 * 1e-5, flag = as.numeric((i * 7) %% 5 < 2)
)
arm <- as.numeric((i * 11) %% 13 + 2 * made$flag > 6)
count <- (i * 5) %% 4
counted <- glm(arm ~ ., data = made, family = binomial, control = strict, weights = count)
every <- predict(counted, made, type = "response")
cases <- list(
  treated = arm, count = count, columns = as.list(made), names = names(coef(counted)),
  coefficients = unname(coef(counted)), vcov = unname(vcov(counted)), score = unname(every)
)
trims <- lapply(list(
  c(0.02, 0.05, 0.3, 0.4, 0.5, 0.6, 0.7, 0.97, 0.99), c(0.3, 0.4, 0.5, 0.6), c(0.001, 0.001, 0.5, 0.5, 0.9, 0.6, 0.999),
  plogis(seq(-4, 5, length.out = 101))
), function(e) c(list(score = e), crump(e)))

# VanderWeele and Ding (2017); conversions of VanderWeele (2020) and Chinn (2000).
evalue <- function(rr) {
  rr <- ifelse(rr < 1, 1 / rr, rr)
  rr + sqrt(rr * (rr - 1))
}
as_risk <- list(
  risk_ratio = function(v, share, sd) v,
  odds_ratio = function(v, share, sd) if (share < 0.15) v else sqrt(v),
  hazard_ratio = function(v, share, sd) if (share < 0.15) v else (1 - 0.5^sqrt(v)) / (1 - 0.5^sqrt(1 / v)),
  mean_difference = function(v, share, sd) exp(0.91 * v / sd)
)
evalues <- list()
add <- function(measure, v, share = NA, sd = NA) {
  rr <- as_risk[[measure]](v, share, sd)
  limit <- if (rr[1] >= 1) max(1, rr[2]) else min(1, rr[3])
  evalues[[length(evalues) + 1]] <<- list(
    measure = measure, values = v, outcome_share = share, std_deviation = sd, risk_ratio = rr,
    estimate = evalue(rr[1]), limit = evalue(limit)
  )
}
add("risk_ratio", c(3.9, 1.8, 8.7))
add("risk_ratio", c(0.8, 0.71, 0.91))
add("risk_ratio", c(1.2, 0.9, 1.6))
add("odds_ratio", c(2.5, 1.4, 4.4), share = 0.3)
add("odds_ratio", c(2.5, 1.4, 4.4), share = 0.1)
add("hazard_ratio", c(0.56, 0.46, 0.69), share = 0.4)
add("hazard_ratio", c(0.56, 0.46, 0.69), share = 0.149)
add("hazard_ratio", c(1.8, 1.1, 2.9), share = 0.15)
add("mean_difference", c(-0.4, -0.7, -0.1), sd = 0.5)
add("mean_difference", c(3, -1, 7), sd = 12)

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(
  r = R.version.string, survey = as.character(packageVersion("survey")), matchit = as.character(packageVersion("MatchIt")),
  lalonde = study, cases = cases, trims = trims, evalues = evalues
)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), file.path(here, "weighting.json"))
