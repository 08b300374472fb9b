"""A person who was erased leaves visits and the spreadsheets that they came in."""

from __future__ import annotations

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.kept_sheets import (
    delete_everything,
    delete_file,
    faults_of,
    keep_faults,
    sheet_of,
)
from gracja.app.common.names import Names
from gracja.app.common.refused import Refused
from gracja.app.observations.models import DrawnReview, PlannedVisit, Visit, VisitImport
from gracja.app.organisation.models import Person


def imports_under_way() -> bool:
    return VisitImport.objects.filter(state__in=("queued", "running")).exists()


def forget_person(person: Person, names: Names) -> dict[str, str]:
    """Files that wait and name them are dropped; in what is kept they are masked. Visits whose own name held
    theirs: the name before -> now. In the caller's transaction.
    """
    for given in VisitImport.objects.all():
        _forget_in(given, person, names)
    outside = Visit.objects.exclude(evaluator_name="").values_list("evaluator_name", flat=True).distinct()
    for name in list(outside.order_by("evaluator_name")):
        if names.stand_in(name):
            Visit.objects.filter(evaluator_name=name).update(evaluator_name=names.masked(name)[:120])
    for pk, scenario in PlannedVisit.objects.values_list("pk", "scenario"):
        if (masked := names.masked_text(scenario)) != scenario:
            PlannedVisit.objects.filter(pk=pk).update(scenario=masked)
    return forget_visits_of(names)


def forget_visits_of(names: Names) -> dict[str, str]:
    """Visits and drawn conversations whose own name held one of these names: the name before -> now. In the
    caller's transaction.
    """
    called = Visit.objects.order_by("pk").values_list("contact", "uid").iterator()
    renamed = {
        contact: f"{names.masked(contact)[:90]} {uid}" for contact, uid in called if names.stand_in(contact)
    }
    for before, after in renamed.items():
        Visit.objects.filter(contact=before).update(contact=after)
    _forget_drawn(names, renamed)
    return renamed


def _forget_drawn(names: Names, renamed: dict[str, str]) -> None:
    """Conversations drawn for review whose own name held theirs. One that is still to be made is called off:
    under another name nobody finds its words.
    """
    for review in DrawnReview.objects.order_by("pk"):
        if names.stand_in(review.contact):
            masked = f"{names.masked(review.contact)[:90]} {review.uid}"
            review.contact = renamed.get(review.contact, masked)
            review.called_off_at = review.called_off_at or (None if review.made_id else now())
            review.save(update_fields=("contact", "called_off_at"))


def _forget_in(given: VisitImport, person: Person, names: Names) -> None:
    said = given.mapping.get("names", {})
    theirs = [name for name, uid in said.get("employee", {}).items() if uid == person.uid]
    names = names.also(theirs)
    if given.state == "done":
        delete_file(given)
    elif _named_in(given, names):
        delete_everything(given)
        given.delete()
        audit.record("visits.drop", by=None, subject=("visit_import", given.uid))
        return
    kept = {kind: _without(each, names) for kind, each in said.items()}
    given.mapping = given.mapping | ({"names": kept} if said else {})
    outcome = given.outcome
    unknown = {kind: _without(each, names) for kind, each in outcome.get("unknown", {}).items()}
    given.outcome = outcome | {
        name: value
        for name, value in (
            ("unknown", unknown),
            ("outside", _without(outcome.get("outside", {}), names)),
            ("shown", [names.masked(fault) for fault in outcome.get("shown", [])]),
        )
        if name in outcome
    }
    given.file_name = names.masked(given.file_name)[:200]
    given.save(update_fields=("mapping", "outcome", "file_name"))
    faults = list(faults_of(given))
    masked = [type(fault)(*names.masked(list(fault))) for fault in faults]
    if masked != faults:
        keep_faults(given, masked)


def _named_in(given: VisitImport, names: Names) -> bool:
    try:
        sheet = sheet_of(given)
    except Refused:
        return True  # gone, or no longer to be read: nobody can use it
    return any(names.stand_in(cell) for row in sheet.rows for cell in row.values)


def _without[T](found: dict[str, T], names: Names) -> dict[str, T]:
    return {name: value for name, value in found.items() if not names.stand_in(name)}
