"""Pages of conversations and uploads."""
