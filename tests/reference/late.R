# Late adverse events of 90 drawn participants, from the definition: time zero is day 90 after the end of radiotherapy,
# for those alive and seen after it; the event is the first onset of grade 2 or worse from day 91 on, of a grade beyond
# that of the same term at first treatment; death competes; without either, the last day known alive. Then multi-state
# survfit, cuminc, and coxph with the competing event as the end of follow-up.
# Writes late.json beside this script, the data included.
library(survival)
library(cmprsk)
library(jsonlite)

set.seed(37)
n <- 90
cutoff <- 1276  # days are counted from the first of 2024
id <- sprintf("L%02d", seq_len(n))
arm <- rep(c("X", "Y"), c(40, 50))
start <- sample(0:900, n, TRUE)
end <- start + sample(40:55, n, TRUE)
end[sample(n, 3)] <- NA
dies <- start + 60 + round(rexp(n, 1 / 1500))
dies[dies > cutoff] <- NA
seen <- pmin(start + round(runif(n, 20, 1300)), cutoff, dies, na.rm = TRUE)
rows <- sample(n, 420, TRUE)
onset <- start[rows] - 20 + round(runif(420) * (seen[rows] - start[rows] + 20))
ae <- data.frame(id = id[rows], term = sample(c("Dry mouth", "Trismus", "Nausea"), 420, TRUE),
                 grade = sample(1:4, 420, TRUE, c(0.5, 0.3, 0.15, 0.05)), onset = onset,
                 end = ifelse(runif(420) < 0.4, NA, onset + sample(0:200, 420, TRUE)))

first_late <- function(i) {
  mine <- ae[ae$id == id[i], ]
  if (is.na(end[i]) || nrow(mine) == 0) return(NA)
  before <- mine[mine$onset < start[i] & (is.na(mine$end) | mine$end >= start[i]), ]
  had <- sapply(mine$term, function(term) max(c(0, before$grade[before$term == term])))
  late <- mine$onset[mine$onset > end[i] + 90 & mine$grade >= 2 & mine$grade > had]
  if (length(late)) min(late) else NA
}
event <- sapply(seq_len(n), first_late)
zero <- end + 90
cause <- ifelse(!is.na(event) & (is.na(dies) | event <= dies), 1, ifelse(!is.na(dies), 2, 0))
day <- ifelse(cause > 0, pmin(event, dies, na.rm = TRUE), seen)
kept <- !is.na(zero) & day > zero
data <- data.frame(time = (day - zero) / 30.4375, cause = cause, arm = arm)[kept, ]
ahead <- (is.na(zero) | zero >= cutoff) & cause == 0
left <- list(
  "NOT-REACHED" = tapply(ahead, arm, sum),
  "COMPETED-BEFORE" = tapply(!kept & cause == 2, arm, sum),
  "ENDED-BEFORE" = tapply(!kept & cause == 0 & !ahead, arm, sum)
)

at <- c(6, 12, 18)
curves <- list()
for (which in c("X", "Y", "all")) {
  part <- if (which == "all") data else data[data$arm == which, ]
  fit <- survfit(Surv(time, factor(cause, 0:2, c("none", "event", "death"))) ~ 1, data = part, conf.type = "log-log")
  found <- summary(fit, times = at, extend = TRUE)
  columns <- match(c("event", "death"), fit$states)
  curves[[which]] <- list(
    n = nrow(part), events = c(sum(part$cause == 1), sum(part$cause == 2)),
    incidence = t(found$pstate[, columns]), lower = t(found$lower[, columns]), upper = t(found$upper[, columns])
  )
}
gray <- cuminc(data$time, data$cause, data$arm)$Tests
fit <- coxph(Surv(time, cause == 1) ~ I(arm == "X"), data = data, ties = "efron")
limits <- summary(fit)$conf.int

printed <- list(
  versions = list(R = R.version.string, survival = format(packageVersion("survival")),
                  cmprsk = format(packageVersion("cmprsk"))),
  cutoff = cutoff,
  members = data.frame(id = id, arm = arm, start = start, end = end, dies = dies, seen = seen),
  events = ae,
  left = lapply(left, as.list), at = at, curves = curves,
  gray = list(event = gray["1", ], death = gray["2", ]),
  ratio = list(estimate = limits[1], lower = limits[3], upper = limits[4])
)
here <- dirname(normalizePath(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE))))
write(toJSON(printed, digits = I(15), auto_unbox = TRUE, na = "null"), file.path(here, "late.json"))
