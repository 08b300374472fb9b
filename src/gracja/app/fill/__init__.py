"""The demo company, filled in through the services of each word, as people would over one autumn."""

from gracja.app.fill.steps import STEPS

__all__ = ["STEPS"]
