"""The club's pages, by noun."""
