# One model fitted by lme4: Rscript peers.R TABLE.csv FACET... ; prints one line of JSON, what it found and took.
suppressMessages(library(lme4))
given <- commandArgs(trailingOnly = TRUE)
marks <- read.csv(given[1])
facets <- given[-1]
for (facet in facets) marks[[facet]] <- factor(marks[[facet]])
model <- as.formula(paste("met ~ 1 +", paste0("(1|", facets, ")", collapse = " + ")))
control <- glmerControl(tolPwrss = 1e-10, calc.derivs = FALSE)
taken <- system.time(fit <- glmer(model, marks, binomial, control = control, nAGQ = 0))
spread <- sapply(facets, function(facet) unname(attr(VarCorr(fit)[[facet]], "stddev")))
cat(sprintf(
  '{"seconds": %.4f, "log_likelihood": %.9f, "spread": [%s], "versions": "lme4 %s, R %s"}\n',
  taken[["user.self"]] + taken[["sys.self"]], as.numeric(logLik(fit)),
  paste(sprintf("%.12f", spread), collapse = ", "), packageVersion("lme4"), getRversion()
))
