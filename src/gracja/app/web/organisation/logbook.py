"""The log in words: what happened, to what, and what changed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from gracja.app.common.audit import HIDDEN
from gracja.app.organisation.selectors.log import Names
from gracja.app.web.organisation import log_of_service
from gracja.app.web.organisation.wordbook import COLUMNS, KINDS_OF_PLACE, PERMISSIONS, SOURCES
from gracja.app.web.templatetags.words import day, moment

if TYPE_CHECKING:
    from gracja.app.common.models import AuditEntry

# {what}: the subject's name
SENTENCES: Final = {
    "account.new_password": gettext_lazy("New password chosen: {what}"),
    "account.reset_on_server": gettext_lazy("Link for a new password made on the server: {what}"),
    "company.change": gettext_lazy("Company’s settings changed"),
    "company.hide_checklist": gettext_lazy("List of first steps put away"),
    "company.set_up": gettext_lazy("Company set up"),
    "conversations.score": gettext_lazy("Conversations scored"),
    "draft.start": gettext_lazy("Draft begun: {what}"),
    "edition.acknowledge": gettext_lazy("Edition acknowledged"),
    "edition.publish": gettext_lazy("Edition published"),
    "import.people": gettext_lazy("People taken over from a file"),
    "import.places": gettext_lazy("Places taken over from a file"),
    "import.roster": gettext_lazy("Roster taken over from a file"),
    "import.undo": gettext_lazy("Roster from a file taken back"),
    "invitation.accept": gettext_lazy("Invitation accepted: {what}"),
    "invitation.make": gettext_lazy("Invited: {what}"),
    "invitation.withdraw": gettext_lazy("Invitation withdrawn: {what}"),
    "measurement.ask": gettext_lazy("Measurement asked for"),
    "measurement.done": gettext_lazy("Measurement done"),
    "measurement.mix": gettext_lazy("Reference mix frozen"),
    "measurement.nights": gettext_lazy("Hour of the nightly measurement changed"),
    "measurement.thin": gettext_lazy("Old nightly measurements deleted"),
    "membership.add": gettext_lazy("Role given: {what}"),
    "membership.remove": gettext_lazy("Role taken away: {what}"),
    "name.map": gettext_lazy("Name of another system mapped"),
    "notice.confirm": gettext_lazy("Notice read and confirmed: {what}"),
    "notice.draft": gettext_lazy("Notice drafted: {what}"),
    "notice.drop": gettext_lazy("Draft of a notice thrown away"),
    "notice.give": gettext_lazy("Notice given to staff: {what}"),
    "person.add": gettext_lazy("Person added: {what}"),
    "person.change": gettext_lazy("Particulars changed: {what}"),
    "person.deactivate": gettext_lazy("Account deactivated: {what}"),
    "person.pseudonymise": gettext_lazy("Personal data erased: {what}"),
    "person.reactivate": gettext_lazy("Account taken back: {what}"),
    "person.rename_self": gettext_lazy("Own name changed: {what}"),
    "place.add": gettext_lazy("Place added: {what}"),
    "place.change": gettext_lazy("Place changed: {what}"),
    "place.close": gettext_lazy("Place closed: {what}"),
    "place.move": gettext_lazy("Place moved: {what}"),
    "place.open": gettext_lazy("Place opened again: {what}"),
    "promise.move": gettext_lazy("Promise page given a new address"),
    "promise.save": gettext_lazy("Promise page changed"),
    "question.answer": gettext_lazy("Question answered"),
    "question.read": gettext_lazy("Answer read"),
    "question.ask": gettext_lazy("Question asked"),
    "role.add": gettext_lazy("Role made: {what}"),
    "role.change": gettext_lazy("Role changed: {what}"),
    "role.delete": gettext_lazy("Role deleted: {what}"),
    "shift.add": gettext_lazy("Shift added: {what}"),
    "shift.change": gettext_lazy("Shift changed: {what}"),
    "shift.remove": gettext_lazy("Shift removed: {what}"),
    "team.add": gettext_lazy("Team made: {what}"),
    "team.change": gettext_lazy("Team changed: {what}"),
    "team.delete": gettext_lazy("Team dissolved: {what}"),
    "token.make": gettext_lazy("Token made"),
    "token.withdraw": gettext_lazy("Token withdrawn"),
    "upload.drop": gettext_lazy("File of conversations dropped"),
    "upload.give": gettext_lazy("File of conversations uploaded"),
    "upload.retry": gettext_lazy("File of conversations tried again"),
    "upload.start": gettext_lazy("Import of conversations begun"),
    "visit.change": gettext_lazy("Visit changed"),
    "visits.drop": gettext_lazy("File of visits dropped"),
    "visits.import": gettext_lazy("Visits taken over from a file"),
    "wanted.record": gettext_lazy("Wanted closeness recorded"),
    **log_of_service.SENTENCES,
}
SUBJECTS: Final = {
    "company": gettext_lazy("Company"),
    "conversations": gettext_lazy("Conversations"),
    "draft": gettext_lazy("Draft"),
    "edition": gettext_lazy("Edition"),
    "external_id": gettext_lazy("Name of another system"),
    "import": gettext_lazy("File"),
    "notice": gettext_lazy("Notice"),
    "person": gettext_lazy("Person"),
    "place": gettext_lazy("Place"),
    "role": gettext_lazy("Role"),
    "run": gettext_lazy("Measurement"),
    "team": gettext_lazy("Team"),
    "token": gettext_lazy("Token"),
    "upload": gettext_lazy("File of conversations"),
    "visit": gettext_lazy("Visit"),
    "planned_visit": gettext_lazy("Planned visit"),
    **log_of_service.SUBJECTS,
}
FIELDS: Final = {
    **COLUMNS,
    "active": gettext_lazy("In use"),
    "permissions": gettext_lazy("Permissions"),
    "sources": gettext_lazy("What is measured"),
    "measured_from": gettext_lazy("Measured from"),
    "text_pl": gettext_lazy("Text in Polish"),
    "text_en": gettext_lazy("Text in English"),
    "title_pl": gettext_lazy("Role’s title in Polish"),
    "title_en": gettext_lazy("Role’s title in English"),
    "starts_at": gettext_lazy("Begins"),
    "ends_at": gettext_lazy("Ends"),
    "until": gettext_lazy("Until"),
    "people": gettext_lazy("People"),
    "add": gettext_lazy("Rows added"),
    "change": gettext_lazy("Rows changed"),
    "same": gettext_lazy("Rows as before"),
    "wrong": gettext_lazy("Rows left out"),
    "language": gettext_lazy("Language"),
    "edition": gettext_lazy("Edition"),
    "from": gettext_lazy("From"),
    "to": gettext_lazy("To"),
    "state": gettext_lazy("State"),
    "new": gettext_lazy("New"),
    "known": gettext_lazy("There already"),
    "changed": gettext_lazy("Changed"),
    "contacts": gettext_lazy("Contacts"),
    "marks": gettext_lazy("Marks"),
    "runs": gettext_lazy("Measurements"),
    "bytes": gettext_lazy("Bytes"),
    "file": gettext_lazy("File"),
    "standard": gettext_lazy("Standard"),
    "answer": gettext_lazy("Answer"),
    "system": gettext_lazy("System"),
    "number": gettext_lazy("Number"),
    "amount": gettext_lazy("Amount"),
    "cost": gettext_lazy("Cost"),
    "customer": gettext_lazy("Customer"),
    "purpose": gettext_lazy("Purpose"),
    "scopes": gettext_lazy("What programs may do"),
    "withdrawn": gettext_lazy("Withdrawn"),
    "closed": gettext_lazy("Closed"),
    "title": gettext_lazy("Title"),
    "at": gettext_lazy("Where or when"),
    "expires_at": gettext_lazy("Valid until"),
}
# the states in which what was done ended
STATES: Final = {
    "done": gettext_lazy("done"),
    "failed": gettext_lazy("failed"),
    "expired": gettext_lazy("expired"),
}


@dataclass(frozen=True, slots=True)
class Detail:
    """What one field was and is, in words."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Line:
    """One entry as a reader sees it. hidden: personal values that changed; what they were is not kept."""

    entry: AuditEntry
    who: str
    sentence: str
    place: str
    details: list[Detail]
    hidden: list[str]


def in_words(entry: AuditEntry, names: Names) -> Line:
    """The entry in the reader's language."""
    who = names.people.get(entry.by_key, "") or (_("Gracja itself") if not entry.by_key else entry.by_key)
    what = _named(entry, names)
    known = SENTENCES.get(entry.action)
    sentence = str(known).format(what=what) if known else f"{entry.action} {what}".strip()
    details, hidden = [], []
    for field in {**entry.before, **entry.after}:
        before, after = entry.before.get(field), entry.after.get(field)
        if HIDDEN in (before, after):
            hidden.append(str(FIELDS.get(field, field)))
        elif said := _detail(field, _value(field, before, names), _value(field, after, names)):
            details.append(said)
    return Line(entry, who, sentence, names.places.get(entry.place_key, ""), details, hidden)


def _named(entry: AuditEntry, names: Names) -> str:
    by_kind = {"person": names.people, "place": names.places}.get(entry.subject_kind, names.others)
    said = {**entry.before, **entry.after}
    return by_kind.get(entry.subject_key, "") or str(
        said.get("name") or said.get("title_pl") or entry.subject_key
    )


def _detail(field: str, before: str, after: str) -> Detail | None:
    return Detail(str(FIELDS.get(field, field)), before, after) if before or after else None


def _value(field: str, value: Any, names: Names) -> str:
    if value in (None, "", []):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list):
        return ", ".join(_value(field, one, names) for one in value)
    text = str(value)
    if field.endswith("_at") and (at := parse_datetime(text)):
        return moment(at)
    if field.endswith(("_on", "until", "from", "to")) and (on := parse_date(text)):
        return day(on)
    known = {**PERMISSIONS, **SOURCES, **KINDS_OF_PLACE, **(STATES if field == "state" else {})}.get(text)
    return str(known or names.roles.get(text) or names.people.get(text) or names.others.get(text) or text)
