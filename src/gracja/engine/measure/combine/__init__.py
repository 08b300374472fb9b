"""Human and automatic marks in one likelihood: a detector's marks count for what its errors leave of them."""

from gracja.engine.measure.combine.combining import Combined, combine

__all__ = ["Combined", "combine"]
