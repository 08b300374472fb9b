"""Spreadsheets of purchases: given, mapped, tried, put in."""
