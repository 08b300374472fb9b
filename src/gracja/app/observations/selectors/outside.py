"""Evaluators from outside: results know them by a key, and only the visits themselves by their name."""

from __future__ import annotations

from typing import Final

from django.utils.crypto import salted_hmac

from gracja.app.observations.models import Visit
from gracja.engine.words.tokens import fold

OUTSIDE: Final = "outside-"


def outside_key(name: str) -> str:
    """The key of an evaluator who is nobody of ours. The same name has the same key, however it is spelt in
    capitals or spaces; without this installation's secret nobody can guess the name from it.
    """
    spelt = fold(" ".join(name.split()))
    return OUTSIDE + salted_hmac("gracja.outside_evaluator", spelt, algorithm="sha256").hexdigest()[:24]


def outside_names() -> dict[str, str]:
    """Key -> name, of everybody from outside whose visits are here: to be shown, never to be kept."""
    named = Visit.objects.exclude(evaluator_name="").order_by("evaluator_name")
    return {outside_key(name): name for name in named.values_list("evaluator_name", flat=True).distinct()}
