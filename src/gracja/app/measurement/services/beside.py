"""What is kept beside the results: whose marks follow the model, how far people agree, how shares went."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

from gracja.app.measurement.models import Course, Run
from gracja.app.organisation.models import Place

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pyarrow as pa

    from gracja.engine.edition.model import Edition
    from gracja.engine.measure.over_time.courses import Course as Went

_AT_ONCE: Final = 500
_NAMES: Final = ("subject_kind", "subject")


def fits_by_subject(model_fit: pa.Table) -> dict[tuple[str, str], dict[str, Any]]:
    """(kind, subject) -> what engine/tables.MODEL_FIT says of it, without its name."""
    return {
        (row["subject_kind"], row["subject"]): {
            name: value for name, value in row.items() if name not in _NAMES
        }
        for row in model_fit.to_pylist()
    }


def kept_agreement(observations: pa.Table, edition: Edition) -> dict[str, Any]:
    """As Run.agreement keeps it."""
    # the worker reckons; a page that only asks for it need not wait for SciPy and Polars
    from gracja.engine.measure.agreement.of_marks import agreements  # noqa: PLC0415

    found = agreements(observations, edition)
    return {"rows": found.table.to_pylist(), "anchoring": asdict(found.anchoring)}


def keep_courses(run: Run, went: Iterable[Went]) -> None:
    """One row a course; what went before is replaced. A place that is no longer ours has none."""
    places = dict(Place.objects.values_list("uid", "pk"))
    run.courses.all().delete()
    Course.objects.bulk_create(
        (
            Course(
                run=run,
                place_id=places[one.place] if one.place else None,
                standard=one.standard or "",
                grain=one.grain,
                begins=[day.isoformat() for day in one.begins],
                met=one.met,
                judged=one.judged,
                low=one.low,
                high=one.high,
                smoothed=one.smoothed,
                signals=one.signals,
                centre=one.centre,
                dispersion=one.dispersion,
                change=asdict(one.change) if one.change else None,
            )
            for one in went
            if not one.place or one.place in places
        ),
        batch_size=_AT_ONCE,
    )
