"""The fast matcher: words cut and looked up in one compiled pass, phrases found by one automaton."""

from gracja.engine.detect.scan.scan import Hits, Scan, Texts

__all__ = ["Hits", "Scan", "Texts"]
