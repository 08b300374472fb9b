"""What is done with customers' records."""
