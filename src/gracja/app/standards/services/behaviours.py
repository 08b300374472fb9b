"""What is done to a whole standard: added, copied, moved, taken away, split; each through `change_draft`."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.http import Http404

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.standards.models import Draft
from gracja.app.standards.selectors import drafts
from gracja.app.standards.services.drafts import change_draft
from gracja.app.standards.services.operations import Spot, spot_of

# What a measure starts with when it is chosen: true of most standards, and to be written over.
_MEASURES: Final[dict[str, Any]] = {
    "yes_no": None,
    "scale": {
        "scale": [
            {"pl": "Nie robi tego", "en": "Does not do it"},
            {"pl": "Robi to, gdy klient poprosi", "en": "Does it when the customer asks"},
            {"pl": "Robi to, zanim klient poprosi", "en": "Does it before the customer asks"},
        ]
    },
    "count": {"count_at_least": 2},
    "seconds": {"seconds_at_most": 30},
}


def add_standard(
    *, by: User, draft_uid: str, seen: int, enhancer: str, behaviour: Mapping[str, str]
) -> tuple[Draft, str]:
    """A standard of this behaviour, at the end of what the enhancer has; with its id.

    Its channels are those of the service. Raises Refused as `change_draft`, behaviour_missing; Http404.
    """
    given = {language: text.strip() for language, text in behaviour.items() if text.strip()}
    if not given:
        raise Refused("behaviour_missing")
    draft = drafts.draft(by=by, uid=draft_uid)
    spot = _spot(draft, "enhancer", enhancer)
    channels = draft.document["service"].get("channels") or ["in_person"]
    return _added(by, draft_uid, seen, spot.path, {"behaviour": given, "channels": channels})


def copy_standard(*, by: User, draft_uid: str, seen: int, standard: str) -> tuple[Draft, str]:
    """The same standard again, right below; with the new one's id. Raises as `change_draft`; Http404."""
    draft = drafts.draft(by=by, uid=draft_uid)
    spot = _spot(draft, "standard", standard)
    fields = {name: value for name, value in spot.element.items() if name != "standard"}
    return _added(by, draft_uid, seen, spot.path[:-1], {**copy.deepcopy(fields), "next": spot.next})


def move_standard(*, by: User, draft_uid: str, seen: int, standard: str, to: str) -> Draft:
    """Up or down among those of its enhancer; or to another enhancer, whose id `to` is.

    At the end of the list nothing happens. Raises as `change_draft`; Http404.
    """
    draft = drafts.draft(by=by, uid=draft_uid)
    spot = _spot(draft, "standard", standard)
    ids = [one["standard"] for one in spot.siblings]
    at = ids.index(standard)
    parent = spot.parent
    if to == "up":
        if at == 0:
            return draft
        before = ids[at - 1]
    elif to == "down":
        if at == len(ids) - 1:
            return draft
        before = ids[at + 2] if at + 2 < len(ids) else None
    else:
        parent, before = _spot(draft, "enhancer", to).path[-1], None
    value = {"parent": parent, "next": before}
    return change_draft(
        by=by, draft_uid=draft_uid, seen=seen, action="standard.move", path=spot.path, value=value
    )


def remove_standard(*, by: User, draft_uid: str, seen: int, standard: str) -> Draft:
    """Take it out of the draft; undo brings it back. Raises as `change_draft`; Http404."""
    spot = _spot(drafts.draft(by=by, uid=draft_uid), "standard", standard)
    return change_draft(by=by, draft_uid=draft_uid, seen=seen, action="standard.remove", path=spot.path)


@transaction.atomic
def split_standard(
    *, by: User, draft_uid: str, seen: int, standard: str, language: str, texts: Sequence[str]
) -> Draft:
    """Two behaviours in one become one standard each: this one keeps the first, the others follow it.

    The text in another language stays whole with the first; nobody can cut it for the author.
    Raises as `change_draft`, behaviour_missing; Http404.
    """
    several = [text.strip() for text in texts if text.strip()]
    if not several:
        raise Refused("behaviour_missing")
    draft = drafts.draft(by=by, uid=draft_uid)
    spot = _spot(draft, "standard", standard)
    after = spot.next
    draft = change_draft(
        by=by,
        draft_uid=draft_uid,
        seen=seen,
        action="standard.set",
        path=[*spot.path, "behaviour", language],
        value=several[0],
    )
    kept = ("when", "channels", "rung", "service_mode", "weight")
    fields = {name: copy.deepcopy(spot.element[name]) for name in kept if name in spot.element}
    for text in several[1:]:
        value = {**fields, "behaviour": {language: text}, "next": after}
        draft, _name = _added(by, draft_uid, draft.revision, spot.path[:-1], value)
    return draft


def choose_measure(*, by: User, draft_uid: str, seen: int, standard: str, kind: str) -> Draft:
    """yes_no, scale, count or seconds, with values to begin with; the kind it has stays as it is.

    Raises as `change_draft`; Http404.
    """
    draft = drafts.draft(by=by, uid=draft_uid)
    spot = _spot(draft, "standard", standard)
    if kind not in _MEASURES:
        raise Http404
    if measure_kind(spot.element.get("measure", "yes_no")) == kind:
        return draft
    path = [*spot.path, "measure"]
    return change_draft(
        by=by, draft_uid=draft_uid, seen=seen, action="standard.set", path=path, value=_MEASURES[kind]
    )


def set_fields(*, by: User, draft_uid: str, seen: int, standard: str, values: Mapping[str, Any]) -> Draft:
    """Fields of a standard by name and language (`when/pl`, `weight`), each saved by itself.

    Raises as `change_draft`; Http404.
    """
    require(by, "edition.draft")
    spot = _spot(drafts.draft(by=by, uid=draft_uid), "standard", standard)
    draft = None
    for name, value in values.items():
        draft = change_draft(
            by=by,
            draft_uid=draft_uid,
            seen=seen,
            action="standard.set",
            path=[*spot.path, *name.split("/")],
            value=value,
        )
    return draft or drafts.draft(by=by, uid=draft_uid)


def measure_kind(measure: Any) -> str:
    """yes_no, scale, count or seconds."""
    if not isinstance(measure, dict):
        return "yes_no"
    return {"scale": "scale", "count_at_least": "count", "seconds_at_most": "seconds"}[next(iter(measure))]


def _added(
    by: User, draft_uid: str, seen: int, path: Sequence[str], value: dict[str, Any]
) -> tuple[Draft, str]:
    draft = change_draft(by=by, draft_uid=draft_uid, seen=seen, action="standard.add", path=path, value=value)
    return draft, draft.changes.get(revision=draft.revision).path[-1]


def _spot(draft: Draft, kind: str, name: str) -> Spot:
    spot = spot_of(draft.document, kind, name)
    if spot is None:
        raise Http404
    return spot
