"""Detectors that learn from people's marks and from sentences that a standard gives as examples."""
