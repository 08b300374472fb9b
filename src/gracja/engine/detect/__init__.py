"""From conversations to observations: which standard was met where, by whom, with the words that show it."""

from gracja.engine.detect.batch import detect

__all__ = ["detect"]
