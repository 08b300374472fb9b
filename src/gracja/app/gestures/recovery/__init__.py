"""Recovery: what went wrong, who puts it right, by when, and whether the customer was told."""
