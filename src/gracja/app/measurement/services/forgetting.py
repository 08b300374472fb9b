"""A person who was erased leaves the runs and their results."""

from __future__ import annotations

from collections.abc import Mapping

from gracja.app.common.names import Names
from gracja.app.measurement.models import Result, ResultSeen, Run

_AT_ONCE = 500


def run_under_way() -> bool:
    return Run.objects.filter(state__in=("queued", "running")).exists()


def forget_person(names: Names, renamed: Mapping[str, str]) -> None:
    """Names that nobody mapped, and that evaluators from outside were given; visits under their new names.
    In the caller's transaction.
    """
    for run in Run.objects.all():
        run.unmapped = {
            column: {name: n for name, n in found.items() if not names.are(name)}
            for column, found in run.unmapped.items()
        }
        for field in ("notes", "not_measured", "basis", "trouble"):
            setattr(run, field, names.masked(getattr(run, field)))
        run.save(update_fields=("unmapped", "notes", "not_measured", "basis", "trouble"))
    for result in Result.objects.filter(subject_kind="evaluator", person=None):
        if names.stand_in(result.subject):
            result.subject = names.masked(result.subject)
            result.row = result.row | {"subject": result.subject}
            result.save(update_fields=("subject", "row"))
    forget_visits(renamed)


def forget_visits(renamed: Mapping[str, str]) -> None:
    """Visits under their new names: the name before -> now. In the caller's transaction."""
    if not renamed:
        return
    for seen in ResultSeen.objects.iterator(chunk_size=_AT_ONCE):
        before = [one[side] for one in seen.standards for side in ("good", "bad") if one.get(side)]
        for example in before:
            example["contact"] = renamed.get(example["contact"], example["contact"])
        seen.save(update_fields=("standards",))
