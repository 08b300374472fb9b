"""Gracja: customer-service standards, from the sequence to a fair result for every employee."""

__version__ = "0.1.0"
