"""What measuring writes."""
