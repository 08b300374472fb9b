"""What was written of a customer goes with them; that something went wrong, and was settled, stays."""

from __future__ import annotations

from collections.abc import Iterable

from gracja.app.common.names import Names
from gracja.app.gestures.recovery.models import Case, Step

_TEXTS = ("what", "remedy", "paid_from", "answer")


def forget_customers(keys: Iterable[str]) -> None:
    """Every text of their cases is emptied, in the history too."""
    theirs = Case.objects.filter(customer_key__in=list(keys))
    Step.objects.filter(case__in=theirs).update(text="")
    theirs.update(**dict.fromkeys(_TEXTS, ""))


def forget_names(names: Names) -> None:
    """A colleague's name in a text is masked, and a customer's in the case of another."""
    for case in Case.objects.only(*_TEXTS).iterator():
        changed = {name: names.masked_text(getattr(case, name)) for name in _TEXTS}
        if changed != {name: getattr(case, name) for name in _TEXTS}:
            Case.objects.filter(pk=case.pk).update(**changed)
    for pk, text in Step.objects.exclude(text="").values_list("pk", "text").iterator():
        if (masked := names.masked_text(text)) != text:
            Step.objects.filter(pk=pk).update(text=masked)
