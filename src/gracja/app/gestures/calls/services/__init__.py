"""Contacts proposed, made, and ended."""
