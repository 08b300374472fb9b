"""What is read about contacts."""
