"""What is changed in the organisation."""
