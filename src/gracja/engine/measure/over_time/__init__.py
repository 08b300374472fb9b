"""Shares over time: control charts with run rules, and when a share changed."""
