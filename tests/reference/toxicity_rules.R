# Rules for toxicities from their definitions, in base R: posterior tails, limits, characteristics, two-stage designs.
suppressMessages(library(jsonlite))
argument <- grep("^--file=", commandArgs(FALSE), value = TRUE)
target <- sub("[.]R$", ".json", sub("^--file=", "", argument))

# Beta-binomial: tails of a grid of counts
tails <- list()
for (prior in list(c(0.6, 1.4), c(0.1, 1.9), c(1, 1), c(0.005, 0.005))) for (limit in c(0.05, 0.3, 0.5)) {
  grid <- expand.grid(count = 0:30, total = c(1, 5, 30, 250))
  grid <- grid[grid$count <= grid$total, ]
  tails[[length(tails) + 1]] <- list(prior = prior, limit = limit, count = grid$count, total = grid$total,
    tail = pbeta(limit, prior[1] + grid$count, prior[2] + grid$total - grid$count, lower.tail = FALSE))
}

# What a rule does: paths counted one participant after the other
walk <- function(looks, limits, rate) {
  state <- 1; stopped <- numeric(length(looks)); size <- 0; events <- 0
  for (i in seq_len(max(looks))) {
    state <- c(state * (1 - rate), 0) + c(0, state * rate)
    k <- match(i, looks)
    if (!is.na(k)) {
      counts <- seq_along(state) - 1
      over <- counts >= limits[k]
      stopped[k] <- sum(state[over]); size <- size + i * stopped[k]; events <- events + sum((state * counts)[over])
      state[over] <- 0
    }
  }
  counts <- seq_along(state) - 1
  list(rate = rate, stopped = stopped, stop = sum(stopped), size = size + max(looks) * sum(state),
       events = events + sum(state * counts))
}

bayes <- list()
for (case in list(list(seq(10, 50, 10), 0.3, c(0.6, 1.4), 0.95, c(0.2, 0.3, 0.4, 0.5)),
                  list(seq(10, 250, 10), 0.3, c(0.6, 1.4), 0.95, c(0.1, 0.3, 0.45)),
                  list(seq(10, 250, 10), 0.05, c(0.1, 1.9), 0.95, c(0.01, 0.05, 0.1)),
                  list(c(3, 8, 21, 22, 60), 0.2, c(2, 8), 0.9, c(0.05, 0.2, 0.6)),
                  list(1:30, 0.2, c(0.6, 2.4), 0.9630823, c(0.2, 0.4)))) {
  looks <- case[[1]]; prior <- case[[3]]
  limits <- sapply(looks, function(n) {
    sure <- 1 - pbeta(case[[2]], prior[1] + 0:n, prior[2] + n - 0:n) >= case[[4]]
    if (any(sure)) min(which(sure)) - 1 else n + 1
  })
  bayes[[length(bayes) + 1]] <- list(looks = looks, limit = case[[2]], prior = prior, threshold = case[[4]],
    limits = limits, characteristics = lapply(case[[5]], function(p) walk(looks, limits, p)))
}

# Repeated tests: the largest nominal level of all those at which a limit changes that holds the error
repeated <- list()
for (case in list(list(c(20, 40, 60, 75), 0.2, 0.1), list(c(20, 40, 60, 75), 0.2, 0.15), list(2:30, 0.1, 0.1),
                  list(c(5, 10, 15, 20), 0.3, 0.05), list(c(10, 30, 35), 0.05, 0.025))) for (delta in c(0, 0.2, 0.5)) {
  looks <- case[[1]]; form <- (looks / max(looks))^delta
  exceed <- lapply(looks, function(n) pbinom(0:n - 1, n, case[[2]], lower.tail = FALSE))
  points <- sort(unique(unlist(mapply(function(e, f) qnorm(e[e > 1e-12 & e < 1]) * f, exceed, form))))
  points <- points[points < qnorm(case[[3]]) + 1e-9]
  rule <- function(z) mapply(function(n, e, f) sum(e > pnorm((z + 1e-9) / f)), looks, exceed, form)
  holds <- sapply(points, function(z) walk(looks, rule(z), case[[2]])$stop <= case[[3]])
  limits <- rule(max(points[holds]))
  repeated[[length(repeated) + 1]] <- list(looks = looks, limit = case[[2]], alpha = case[[3]], delta = delta,
    limits = limits, stop = walk(looks, limits, case[[2]])$stop)
}

# Two stages: every design up to a size
simon <- list()
for (case in list(c(0.05, 0.25, 0.05, 0.2, 20), c(0.1, 0.3, 0.1, 0.1, 36), c(0.2, 0.4, 0.05, 0.2, 45),
                  c(0.7, 0.9, 0.05, 0.2, 30), c(0.25, 0.45, 0.1, 0.1, 45))) {
  found <- NULL
  for (n in 2:case[5]) for (n1 in 1:(n - 1)) for (r1 in 0:(n1 - 1)) {
    x <- (r1 + 1):n1; r <- r1:(n - 1)
    late <- function(p) colSums(dbinom(x, n1, p) * outer(x, r, function(x, r) pbinom(r - x, n - n1, p, lower.tail = FALSE)))
    ok <- which(late(case[1]) <= case[3] & late(case[2]) >= 1 - case[4])
    if (length(ok)) {
      pet <- pbinom(r1, n1, case[1])
      found <- rbind(found, data.frame(r1, n1, r = r[ok[1]], n, alpha = late(case[1])[ok[1]],
                                       power = late(case[2])[ok[1]], pet, size = n1 + (1 - pet) * (n - n1)))
    }
  }
  few <- found[found$n == min(found$n), ]
  simon[[length(simon) + 1]] <- list(case = case, minimax = few[which.min(few$size), ],
                                     optimal = found[which.min(found$size), ])
}
writeLines(toJSON(list(versions = list(R = R.version.string), tails = tails, bayes = bayes, repeated = repeated, simon = simon), auto_unbox = TRUE,
                  digits = 17, pretty = FALSE), target)
