"""What is written about tokens."""
