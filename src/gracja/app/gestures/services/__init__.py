"""What is done with budgets and gestures."""
