"""What is read about visits."""
