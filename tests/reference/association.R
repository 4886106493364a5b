# Markers of 90 drawn participants from the definition, participant by participant: the reading of a visit, the landmark,
# the latest reading at each time; then coxph. Correlations within participants as those of residuals of lm on
# participants, and on visits too; the variance of participants as wholes by the derivative by each one's weight.
# Writes association.json beside this script, the data included.
library(survival)
library(jsonlite)

set.seed(41)
n <- 90
month <- 30.4375
id <- sprintf("M%02d", seq_len(n))
arm <- rep(c("X", "Y"), c(42, 48))
age <- round(rnorm(n, 55, 9))
start <- sample(0:300, n, TRUE)
end <- start + sample(40:55, n, TRUE)
frail <- rnorm(n)
dies <- start + 10 + round(rexp(n, exp(0.5 * frail) / 400))
dies[dies > 1000] <- NA
seen <- pmin(start + round(runif(n, 5, 900)), 1000, dies, na.rm = TRUE)
dies[!is.na(dies) & dies > seen] <- NA
often <- sample(3:6, n, TRUE)
near <- which(runif(n) < 0.8)
rows <- c(seq_len(n), near, rep(seq_len(n), often))
k <- length(rows)
day <- c(start + sample(-30:1, n, TRUE), end[near] + sample(-8:8, length(near), TRUE),
         start[rep(seq_len(n), often)] + sample(c(-40:0, 30:60, 60:330), sum(often), TRUE))
common <- 0.01 * pmax(day - start[rows], 0)
shared <- rnorm(k)
labs <- data.frame(id = id[rows], day = day,
                   LOG = round(exp(0.4 * frail[rows] + 0.5 * shared - common / 3 + rnorm(k)), 4),
                   LEV = round(20 + 2 * shared + common + rnorm(k, 0, 2), 2))
labs <- labs[!duplicated(labs[c("id", "day")]) & labs$day <= 1000, ]
labs$LOG[sample(nrow(labs), 25)] <- NA

visits <- list(BL = list(start, 0, -28, 0), W = list(end, 0, -7, 7), M3 = list(end, 90, 60, 150))
at_visit <- function(i, marker, visit) {
  anchor <- visits[[visit]][[1]][i]
  mine <- labs[labs$id == id[i] & !is.na(labs[[marker]]), ]
  from <- mine$day - anchor
  inside <- from >= visits[[visit]][[3]] & from <= visits[[visit]][[4]]
  mine <- mine[inside, ]
  if (nrow(mine) == 0) return(NA)
  far <- abs(mine$day - anchor - visits[[visit]][[2]])
  mine[[marker]][order(far, mine$day)[1]]
}
value_at <- function(marker, visit) sapply(seq_len(n), at_visit, marker, visit)

event <- !is.na(dies)
follow <- seen - start
carried <- 100
spells <- function(marker) {
  found <- NULL
  for (i in seq_len(n)) {
    mine <- labs[labs$id == id[i] & !is.na(labs[[marker]]) & labs$day >= start[i] - 28, ]
    mine <- mine[order(mine$day), ]
    for (j in seq_len(nrow(mine))) {
      from <- max(mine$day[j] - start[i], 0)
      until <- min(follow[i], mine$day[j] - start[i] + carried,
                   if (j < nrow(mine)) mine$day[j + 1] - start[i] else Inf)
      if (until > from) {
        found <- rbind(found, data.frame(i = i, from = from, until = until,
                                         event = event[i] && until == follow[i], value = mine[[marker]][j]))
      }
    }
  }
  found
}

tell <- function(fit) {
  found <- summary(fit)
  list(ratio = found$coefficients[1, "exp(coef)"], lower = found$conf.int[1, "lower .95"],
       upper = found$conf.int[1, "upper .95"], p = found$coefficients[1, "Pr(>|z|)"])
}
fit_all <- function(d) {
  d$age <- d$age / 10
  response <- if (any(d$from > 0)) Surv(d$from, d$until, d$event) else Surv(d$until, d$event)
  same <- coxph(response ~ v + age + strata(arm), data = d)
  apart <- coxph(response ~ v:arm + age + strata(arm), data = d)
  limits <- summary(apart)$conf.int
  chi <- 2 * (apart$loglik[2] - same$loglik[2])
  list(n = length(unique(d$i)), events = sum(d$event), unadjusted = tell(coxph(response ~ v, data = d)),
       adjusted = tell(same), arms = limits[grep("v:arm", rownames(limits)), c(1, 3, 4)],
       chi = chi, p = pchisq(chi, 1, lower.tail = FALSE))
}
deviation <- sd(value_at("LEV", "BL"), na.rm = TRUE)
scaled <- list(LOG = function(x) log2(x), LEV = function(x) x / deviation)
models <- list()
for (marker in c("LOG", "LEV")) {
  who <- data.frame(i = seq_len(n), arm = arm, age = age)
  base <- cbind(who, from = 0, until = follow / month, event = event, v = scaled[[marker]](value_at(marker, "BL")))
  landmark <- end + 7 - start
  later <- cbind(who, from = 0, until = (follow - landmark) / month, event = event,
                 v = scaled[[marker]](value_at(marker, "W")))[follow > landmark, ]
  changing <- spells(marker)
  changing <- data.frame(who[changing$i, ], from = changing$from / month, until = changing$until / month,
                         event = changing$event, v = scaled[[marker]](changing$value))
  models[[marker]] <- lapply(list(baseline = base, "landmark-W" = later, readings = changing),
                             function(d) fit_all(d[!is.na(d$v), ]))
}

pairs <- do.call(rbind, lapply(names(visits), function(visit) {
  data.frame(i = seq_len(n), visit = visit, x = log(value_at("LOG", visit)), y = value_at("LEV", visit))
}))
pairs <- pairs[!is.na(pairs$x) & !is.na(pairs$y), ]
pairs <- pairs[pairs$i %in% names(which(table(pairs$i) > 1)), ]
who <- unique(pairs$i)
correlate <- function(columns) {
  weighted <- function(w) {
    rx <- residuals(lm(as.formula(paste("x ~", columns)), data = pairs, weights = w[match(pairs$i, who)]))
    ry <- residuals(lm(as.formula(paste("y ~", columns)), data = pairs, weights = w[match(pairs$i, who)]))
    w <- w[match(pairs$i, who)]
    sum(w * rx * ry) / sqrt(sum(w * rx^2) * sum(w * ry^2))
  }
  m <- length(who)
  one <- rep(1, m)
  r <- weighted(one)
  step <- 1e-4
  influence <- sapply(seq_len(m), function(i) {
    up <- down <- one
    up[i] <- 1 + step
    down[i] <- 1 - step
    (weighted(up) - weighted(down)) / (2 * step)
  })
  error <- sqrt(sum(influence^2) * m / (m - 1)) / (1 - r^2)
  df <- lm(as.formula(paste("x ~", columns)), data = pairs)$df.residual - 1
  statistic <- r * sqrt(df / (1 - r^2))
  list(r = r, df = df, p = 2 * pt(-abs(statistic), df), participants = m, pairs = nrow(pairs),
       fisher = tanh(atanh(r) + c(-1, 1) * qnorm(0.975) / sqrt(df - 1)),
       clustered = tanh(atanh(r) + c(-1, 1) * qt(0.975, m - 1) * error),
       clustered_p = 2 * pt(-abs(atanh(r) / error), m - 1))
}
correlations <- list(within = correlate("factor(i)"), "beyond-visits" = correlate("factor(i) + visit"))

printed <- list(
  versions = list(R = R.version.string, survival = format(packageVersion("survival"))),
  members = data.frame(id, arm, age, start, end, dies, seen), readings = labs, carried = carried,
  deviation = deviation, models = models, correlations = correlations
)
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
write(toJSON(printed, digits = I(15), auto_unbox = TRUE, na = "null"), file.path(here, "association.json"))
