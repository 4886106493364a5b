# Cox regression by survival::coxph, cox.zph and basehaz: ties, strata, delayed entry, weights, clusters, covariates
# that change. Writes cox.json beside this script, the data included; simulated samples have a seed.
library(survival)
library(jsonlite)

set.seed(20260103)
factors <- function(data, names) lapply(data[names], as.numeric)
lung2 <- na.omit(lung[c("time", "status", "age", "sex", "ph.ecog", "wt.loss", "inst")])
death <- colon[colon$etype == 2 & !is.na(colon$nodes) & !is.na(colon$differ), ][1:300, ]
blood <- mgus2[1:300, ]
blood <- na.omit(blood[blood$futime > 0, c("age", "sex", "hgb", "creat", "mspike", "futime", "death")])
bladder3 <- bladder2[bladder2$start < bladder2$stop, ]
visits <- pbcseq[pbcseq$id <= 60, ]
visits <- visits[!is.na(visits$bili) & !is.na(visits$albumin) & !is.na(visits$protime), ]
visits$stop <- with(visits, ave(day, id, FUN = function(d) c(d[-1], NA)))
visits$stop <- ifelse(is.na(visits$stop), visits$futime, visits$stop)
visits$death <- as.numeric(visits$status == 2 & visits$stop == visits$futime)
visits <- visits[visits$day < visits$stop, ]
litters <- rats[rats$litter <= 40, ]

n <- 150
sim <- data.frame(x1 = rnorm(n), x2 = rbinom(n, 1, 0.4), x3 = round(runif(n, 0, 10)), g = sample(letters[1:3], n, TRUE))
sim$entry <- sample(0:3, n, TRUE)
sim$time <- sim$entry + pmin(1 + floor(rexp(n, 0.2 * exp(0.5 * sim$x1 - 0.4 * sim$x2))), 6)
sim$event <- rbinom(n, 1, 0.7)

samples <- list(
  lung = list(time = lung2$time, event = lung2$status - 1, x = factors(lung2, c("age", "sex", "ph.ecog", "wt.loss")),
              strata = lung2$inst, cluster = lung2$inst),
  veteran = list(time = veteran$time, event = veteran$status,
                 x = list(trt = veteran$trt, karno = veteran$karno, diagtime = veteran$diagtime, age = veteran$age),
                 strata = as.character(veteran$celltype), cluster = veteran$prior + 2 * (seq_along(veteran$time) %% 30)),
  ovarian = list(time = ovarian$futime, event = ovarian$fustat, x = factors(ovarian, c("age", "rx", "ecog.ps")),
                 strata = ovarian$resid.ds, cluster = seq_along(ovarian$age) %/% 2),
  colon = list(time = death$time, event = death$status, strata = death$differ, cluster = death$id %/% 3,
               x = list(lev = 1 * (death$rx == "Lev"), lev5fu = 1 * (death$rx == "Lev+5FU"), age = death$age, nodes = death$nodes)),
  heart = list(time = heart$stop, event = heart$event, entry = heart$start, strata = heart$surgery, cluster = heart$id,
               x = list(age = heart$age, year = heart$year, transplant = as.numeric(heart$transplant) - 1)),
  bladder = list(time = bladder3$stop, event = bladder3$event, entry = bladder3$start, strata = bladder3$enum,
                 cluster = bladder3$id, x = factors(bladder3, c("rx", "number", "size"))),
  pbcseq = list(time = visits$stop, event = visits$death, entry = visits$day, strata = visits$trt, cluster = visits$id,
                x = list(age = visits$age, bili = log(visits$bili), albumin = visits$albumin, protime = visits$protime)),
  mgus2_age = list(time = blood$age + blood$futime / 12, event = blood$death, entry = blood$age, strata = as.character(blood$sex),
                   cluster = seq_along(blood$age) %/% 4, x = factors(blood, c("hgb", "creat", "mspike"))),
  rats = list(time = litters$time, event = litters$status, strata = litters$litter, cluster = litters$litter,
              x = list(rx = litters$rx, odd = (seq_along(litters$rx) %% 4) / 2)),
  ties = list(time = sim$time, event = sim$event, entry = sim$entry, strata = sim$g, cluster = seq_len(n) %/% 5,
              x = factors(sim, c("x1", "x2", "x3"))),
  untied = list(time = round(sim$time + runif(n, 0, 1), 6), event = sim$event, strata = sim$g, cluster = seq_len(n) %/% 7,
                x = factors(sim, c("x1", "x2", "x3")))
)

# iterations beyond the default, so that coefficients have the digits that are compared
control <- coxph.control(eps = 1e-13, toler.chol = 1e-14, iter.max = 40)
cases <- list()
add <- function(name, ties, stratified, weights, cluster) {
  s <- samples[[name]]
  X <- do.call(cbind, lapply(s$x, as.numeric))
  y <- if (is.null(s$entry)) Surv(s$time, s$event) else Surv(s$entry, s$time, s$event)
  st <- s$strata
  w <- if (weights == "none") rep(1, length(s$time)) else as.numeric(s[[weights]])
  id <- s$cluster
  formula <- if (stratified) y ~ X + strata(st) else y ~ X
  arguments <- list(formula, weights = w, ties = ties, control = control)
  if (cluster) arguments$cluster <- id
  fit <- suppressWarnings(do.call(coxph, arguments))
  robust <- !is.null(fit$naive.var)
  tests <- list()
  for (transform in c("km", "rank", "identity", "log")) {
    z <- cox.zph(fit, transform = transform, terms = FALSE)
    tests[[transform]] <- list(statistic = z$table[, "chisq"], p_value = z$table[, "p"])
    if (transform == "km" && weights == "none" && !cluster && (ties == "efron" || name == "ties")) tests$km <- c(tests$km, list(x = z$x, time = z$time, y = unname(z$y)))
  }
  at <- colMeans(X)
  new <- data.frame(row.names = 1)
  new$X <- matrix(at, 1)
  if (stratified) new$st <- st[1]
  curve <- suppressWarnings(survfit(fit, newdata = new, se.fit = FALSE))
  keep <- which(curve$n.event > 0)
  keep <- keep[unique(round(seq(1, length(keep), length.out = 12)))]
  cases[[length(cases) + 1]] <<- list(
    sample = name, ties = ties, stratified = stratified, weights = weights, cluster = cluster, robust = robust,
    coef = unname(coef(fit)), vcov = unname(fit$var), model_vcov = unname(if (robust) fit$naive.var else fit$var),
    loglik = fit$loglik[2], loglik_null = fit$loglik[1], score = fit$score, wald = unname(fit$wald.test),
    robust_score = if (robust) fit$rscore else NA, n = fit$n, n_events = fit$nevent, zph = tests,
    hazard = list(at = unname(at), first_stratum = stratified, time = curve$time[keep], cumulative_hazard = curve$cumhaz[keep])
  )
}
for (name in names(samples)) {
  size <- length(samples[[name]]$time)
  samples[[name]]$weights <- round(runif(size, 0.2, 3), 3)
  samples[[name]]$counts <- sample(1:3, size, TRUE)
  for (ties in c("efron", "breslow")) {
    add(name, ties, FALSE, "none", FALSE)
    add(name, ties, TRUE, "none", FALSE)
    add(name, ties, FALSE, "weights", FALSE)
    add(name, ties, FALSE, "counts", FALSE)
    add(name, ties, TRUE, "weights", TRUE)
    add(name, ties, FALSE, "none", TRUE)
  }
}

here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
out <- list(r = R.version.string, survival = as.character(packageVersion("survival")), samples = samples, cases = cases)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null"), file.path(here, "cox.json"))
