"""Pages at the front door."""
