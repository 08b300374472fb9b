"""What is written about visits."""
