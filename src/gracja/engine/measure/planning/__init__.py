"""The evaluators' plan: how many reviews a question takes, what the next are best spent on, what connects."""
