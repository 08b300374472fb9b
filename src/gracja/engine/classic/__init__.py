"""Classic scorecard arithmetic: the percent that checklists and quality tools compute. It stands beside the
measured level so that both can be compared; it allows neither for strict evaluators nor for chance.
"""

from gracja.engine.classic.scores import category_scores, review_scores, scored

__all__ = ["category_scores", "review_scores", "scored"]
