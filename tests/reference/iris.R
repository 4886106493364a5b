# R's own iris data, to compare with what is read from SAS's copy of them. Writes iris.json beside this script.
library(jsonlite)

columns <- lapply(iris[1:4], I)
names(columns) <- gsub(".", "_", names(columns), fixed = TRUE)
columns$Species <- I(as.character(iris$Species))
here <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
write_json(
  list(r = R.version.string, columns = columns), file.path(here, "iris.json"),
  auto_unbox = TRUE, digits = NA
)
