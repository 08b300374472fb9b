"""Gestures: to whom one may be given, what a customer is worth, and whether a gesture works."""
