"""People, places and the roster from CSV: first a dry run that says what would happen, then all at once."""
