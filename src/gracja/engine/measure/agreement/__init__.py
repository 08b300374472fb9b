"""How far those who judge agree: Krippendorff's alpha, Gwet's AC1, Cohen's kappa, each with an interval."""
