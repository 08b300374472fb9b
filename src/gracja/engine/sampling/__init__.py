"""Which contacts people should read next, and with what probability each was asked."""

from gracja.engine.sampling.choose import Budget, Choice, choose

__all__ = ["Budget", "Choice", "choose"]
