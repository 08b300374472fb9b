"""Pages of contacts that we start."""
