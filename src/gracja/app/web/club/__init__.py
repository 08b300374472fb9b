"""Pages of the club and of gifts."""
