"""What is read of budgets and gestures."""
