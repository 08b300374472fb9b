"""What is written about contacts."""
