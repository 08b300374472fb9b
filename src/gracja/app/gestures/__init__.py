"""Steps beyond expectation that cost something: budgets, a ledger that cannot be overdrawn, gestures."""
