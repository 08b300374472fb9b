"""What is read of the organisation."""
