"""Codes and facts become sentences in Polish and English here, and nowhere else."""

from gracja.wording.sentences import LANGUAGES, say, say_error, say_where

__all__ = ["LANGUAGES", "say", "say_error", "say_where"]
