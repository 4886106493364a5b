# Rates: poisson.test, the score limits of a difference from their definition (the rates most likely under a difference
# found by uniroot), the sandwich of a Poisson model. Mean numbers of events: survfit with id on Nelson's valve seats and
# on drawn data; with deaths, Ghosh and Lin's mean and its jackknife variance by complex weights, from the definition.
# Writes rates.json beside this script, the data included.
library(survival)
library(sandwich)
library(jsonlite)

level <- 0.95
single <- list()
for (x in c(0, 1, 2, 5, 17, 100, 1234)) {
  for (t in c(0.25, 7.5, 365.25)) {
    found <- poisson.test(x, t, conf.level = level)
    single[[length(single) + 1]] <- list(x = x, t = t, lower = found$conf.int[1], upper = found$conf.int[2])
  }
}

most_likely <- function(d, x, t) {  # the rate of group 0, that of group 1 being d more
  least <- max(0, -d)
  slope <- function(r) x[1] / (r + d) + x[2] / r - sum(t)
  near <- least + 1e-13 * (1 + least)
  if (slope(near) <= 0) return(least)
  uniroot(slope, c(near, least + sum(x) / min(t) + 1), tol = 1e-15, maxiter = 10000)$root
}
score <- function(d, x, t) {
  r <- most_likely(d, x, t)
  (x[1] / t[1] - x[2] / t[2] - d) / sqrt((r + d) / t[1] + r / t[2])
}
pairs <- list()
z <- qnorm(1 - (1 - level) / 2)
for (x1 in c(0, 1, 3, 12, 80)) {
  for (x0 in c(0, 1, 4, 30)) {
    for (t in list(c(10, 10), c(2.5, 40), c(120, 7))) {
      x <- c(x1, x0)
      gap <- x1 / t[1] - x0 / t[2]
      reach <- 20 * (sum(x) + 10) * sum(1 / t)
      upper <- uniroot(function(d) score(d, x, t) + z, c(gap + 1e-9, gap + reach), tol = 1e-13)$root
      lower <- uniroot(function(d) score(d, x, t) - z, c(gap - reach, gap - 1e-9), tol = 1e-13)$root
      case <- list(x1 = x1, t1 = t[1], x0 = x0, t0 = t[2], lower = lower, upper = upper)
      if (x1 > 0 && x0 > 0) {
        found <- poisson.test(x, t, conf.level = level)
        case <- c(case, list(ratio = unname(found$estimate), ratio_lower = found$conf.int[1], ratio_upper = found$conf.int[2]))
      }
      pairs[[length(pairs) + 1]] <- case
    }
  }
}

set.seed(14)
clusters <- list()
for (n in c(3, 20, 200)) {
  time <- round(runif(n, 0.2, 4), 3)
  events <- rpois(n, time * rgamma(n, 0.7, 1))
  fit <- glm(events ~ 1 + offset(log(time)), family = poisson)
  clusters[[length(clusters) + 1]] <- list(events = events, time = time, log_rate = unname(coef(fit)),
                                           log_error = sqrt(sandwich(fit)[1, 1]))
}

# Nelson's valve seats: two engines had two replacements on one day; the first is moved to just before, when as many
# engines are under observation, since survfit knows no two events of one at once
seats <- valveSeat
seats$start <- ave(seats$time, seats$id, FUN = function(x) c(0, head(x, -1)))
again <- which(seats$start >= seats$time & seats$status == 1)
moved <- seats
for (i in again) {
  moved$time[i - 1] <- moved$time[i - 1] - 1e-3
  moved$start[i] <- moved$time[i - 1]
}
moved <- moved[moved$start < moved$time, ]
curve <- survfit(Surv(start, time, status) ~ 1, moved, id = id)
at <- sort(unique(seats$time[seats$status == 1]))
row <- findInterval(at, curve$time)
valve <- list(id = seats$id, time = seats$time, status = seats$status, at = at, mean = curve$cumhaz[row],
              error = curve$std.chaz[row])

drawn <- list()
for (n in c(5, 60)) {
  stop <- round(rexp(n, 0.2), 4)
  long <- do.call(rbind, lapply(seq_len(n), function(i) {
    own <- sort(unique(round(runif(rpois(1, 2), 0, stop[i]), 4)))
    own <- own[own > 0 & own < stop[i]]
    data.frame(id = i, start = c(0, own), time = c(own, stop[i]), status = c(rep(1, length(own)), 0))
  }))
  curve <- survfit(Surv(start, time, status) ~ 1, long, id = id)
  happened <- long[long$status == 1, ]
  row <- findInterval(sort(happened$time), curve$time)
  drawn[[length(drawn) + 1]] <- list(stop = stop, member = happened$id - 1, time = happened$time, at = sort(happened$time),
                                     mean = curve$cumhaz[row], error = curve$std.chaz[row])
}

mean_by <- function(end, stop, died, member, time, weight) {
  total <- 0
  alive <- 1
  for (u in sort(unique(c(time, stop[died])))) {
    if (u > end) break
    at_risk <- sum(weight[stop >= u])
    total <- total + alive * sum(weight[member[time == u] + 1]) / at_risk
    alive <- alive * (1 - sum(weight[died & stop == u]) / at_risk)
  }
  total
}
deaths <- list()
for (n in c(4, 9, 30)) {
  stop <- sample(0:12, n, replace = TRUE)
  died <- runif(n) < 0.6
  member <- sample(0:(n - 1), 2 * n, replace = TRUE)
  time <- floor(runif(2 * n) * (stop[member + 1] + 1))
  at <- sort(unique(time))
  errors <- sapply(at, function(end) {
    influence <- sapply(seq_len(n), function(i) {
      Im(mean_by(end, stop, died, member, time, 1 + 1e-20i * (seq_len(n) == i))) / 1e-20
    })
    sqrt(sum(influence^2))
  })
  means <- sapply(at, function(end) mean_by(end, stop, died, member, time, rep(1, n)))
  deaths[[length(deaths) + 1]] <- list(stop = stop, died = died, member = member, time = time, at = at, mean = means,
                                       error = errors)
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(r = R.version.string, survival = as.character(packageVersion("survival")),
            sandwich = as.character(packageVersion("sandwich")), single = single, pairs = pairs, clusters = clusters,
            valve = valve, drawn = drawn, deaths = deaths)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "rates.json"))
