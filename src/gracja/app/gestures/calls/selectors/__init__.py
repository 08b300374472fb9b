"""What is read of contacts that we start."""
