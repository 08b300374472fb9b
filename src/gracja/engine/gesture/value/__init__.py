"""What a customer is worth: how often they will buy (BG/NBD), how much they spend (Gamma-Gamma)."""
