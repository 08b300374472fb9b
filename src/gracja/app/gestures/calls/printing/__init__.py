"""Cards, ready to be printed."""
