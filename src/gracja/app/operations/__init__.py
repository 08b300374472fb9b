"""Keeping an installation well: what a doctor looks at, backups, and bringing one back."""
