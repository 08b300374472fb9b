"""Changing drafts, and changing them back. One way for every change, by ids; two people at once are safe."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from django.db import transaction
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.standards.models import Draft, DraftChange
from gracja.app.standards.services.drafts_meeting import (
    changed_meanwhile,
    others_since,
    refuse_overlap,
    refuse_where_gone,
    unknown,
    value_seen,
)
from gracja.app.standards.services.evidence import in_words
from gracja.app.standards.services.naming import cleaned, id_from
from gracja.app.standards.services.operations import (
    KINDS,
    PLACE,
    Path,
    Spot,
    State,
    copied,
    element_at,
    ids_in,
    spot_of,
    transit,
    with_value,
)
from gracja.engine.edition.model import Edition as EngineEdition
from gracja.engine.edition.model import Enhancer, Part, Service, Standard
from gracja.engine.edition.read import check_edition
from gracja.engine.edition.texts import Frozen
from gracja.engine.edition.write import as_json
from gracja.engine.errors import EngineInputError, ManyInputErrors, Where

UNDO, REDO = "undo", "redo"
_BACK: Final = (UNDO, REDO)
_VERBS: Final = ("set", "add", "remove", "move")
_MODELS: Final[dict[str, type[Frozen]]] = {
    "part": Part,
    "enhancer": Enhancer,
    "standard": Standard,
    "service": Service,
}
# What a change may set, by what it belongs to; not ids, lists of children and the edition's number.
_SETTABLE: Final[dict[str, frozenset[str]]] = {
    kind: frozenset(model.model_fields) - {kind, "enhancers", "standards"} for kind, model in _MODELS.items()
} | {
    "service": frozenset(Service.model_fields),
    "aspire": frozenset(("base", "fit", "initiative", "exceptional", "critical_at_most")),
    "signal": frozenset(("signals",)),
    "edition": frozenset(EngineEdition.model_fields)
    - {"gracja", "id", "version", "service", "aspire", "signals", "sequence"},
}


@transaction.atomic
def change_draft(
    *, by: User, draft_uid: str, seen: int, action: str, path: Sequence[str], value: Any = None
) -> Draft:
    """One change, saved at once. What changes nothing makes no revision.

    action and path (ids from the part down, then the field):

    - `edition.set` [title, pl]; `service.set` [begins, pl]; `aspire.set` [base]; `signal.set` [id]
    - `part.set` [part, field, language?]; `enhancer.set` [part, enhancer, field...];
      `standard.set` [part, enhancer, standard, field...]; None or an empty text takes it away
    - `part.add` []; `enhancer.add` [part]; `standard.add` [part, enhancer]: value holds its fields and may
      say `next` (the id of the one after it); its id is made from its title or behaviour and ends the path
      of the change
    - `part.move` [part]; ...: value {"next": id or None, "parent": id of another parent}
    - `part.remove` [part]; ...

    seen: the revision that the writer saw. What others changed since elsewhere stays.

    Raises Refused: not_permitted, changed_meanwhile (who, at, revision), last_part, text_too_long
    (most); EngineInputError with the field, where the engine could not read the document any more.
    """
    require(by, "edition.draft")
    # locked: two people may change it at once
    draft = get_object_or_404(Draft.objects.select_for_update(), uid=draft_uid)
    asked = tuple(path)
    kind, verb = _known(action)
    since = others_since(draft, seen, by.person)
    refuse_where_gone(draft, asked[: KINDS.index(kind) + 1] if kind in KINDS else (), since)
    told, before, after = _states(draft, kind, verb, asked, cleaned(value))
    if verb != "add":
        refuse_overlap({told, asked}, since)
    return draft if before == after else make_change(draft, by, action, told, before, after)


@transaction.atomic
def change_fields(
    *, by: User, draft_uid: str, seen: int, action: str, path: Sequence[str], values: Mapping[str, Any]
) -> Draft:
    """What a form sends: several fields of one element, by their path below it (`title/pl`).

    Only what the writer touched is changed: a field that others changed meanwhile, and that comes back as it
    was when it was seen, stays as the others left it. Raises as `change_draft`.
    """
    require(by, "edition.draft")
    # locked: two people may change it at once
    draft = get_object_or_404(Draft.objects.select_for_update(), uid=draft_uid)
    kind, _verb = _known(action)
    since = others_since(draft, seen, by.person)
    head = (kind,) if kind in ("service", "aspire") else ()
    for name, value in values.items():
        asked = (*path, *name.split("/"))
        if (cleaned(value) or None) != (value_seen(draft, kind, (*head, *asked), since) or None):
            draft = change_draft(
                by=by, draft_uid=draft_uid, seen=seen, action=action, path=asked, value=value
            )
    return draft


@transaction.atomic
def undo(*, by: User, draft_uid: str, seen: int) -> Draft:
    """Take the last change back, as a new revision. Nothing to take back: nothing happens.

    Raises Refused: not_permitted, undo_meanwhile (who, at, revision): somebody else
    changed the draft since.
    """
    return _walk_back(by, draft_uid, seen, UNDO)


@transaction.atomic
def redo(*, by: User, draft_uid: str, seen: int) -> Draft:
    """Make the change that was taken back last again. Raises Refused as `undo`."""
    return _walk_back(by, draft_uid, seen, REDO)


def to_undo(draft: Draft) -> DraftChange | None:
    """The change that undo would take back."""
    return _own(draft).filter(undone_by=None).first()


def to_redo(draft: Draft, last: DraftChange | None) -> DraftChange | None:
    """The change that redo would make again; none once something new was made. last: `to_undo`."""
    undone = _own(draft).exclude(undone_by=None).order_by("-undone_by").first()
    stale = undone is None or (last is not None and last.revision > (undone.undone_by or 0))
    return None if stale else undone


def _own(draft: Draft) -> QuerySet[DraftChange]:
    return draft.changes.exclude(action__in=_BACK).select_related("by")


def _walk_back(by: User, draft_uid: str, seen: int, way: str) -> Draft:
    require(by, "edition.draft")
    # locked: two people may change it at once
    draft = get_object_or_404(Draft.objects.select_for_update(), uid=draft_uid)
    if others := others_since(draft, seen, by.person):
        raise changed_meanwhile(others[0], "undo_meanwhile")
    change = to_undo(draft)
    if way == REDO:
        change = to_redo(draft, change)
    if change is None:
        return draft
    before, after = (change.after, change.before) if way == UNDO else (change.before, change.after)
    document = copied(draft.document)
    transit(document, change.action, tuple(change.path), after)
    change.undone_by = draft.revision + 1 if way == UNDO else None
    change.save(update_fields=["undone_by"])
    draft.document = as_json(check_edition(document))
    return _saved(draft, by, way, tuple(change.path), before, after)


def make_change(draft: Draft, by: User, action: str, path: Path, before: State, after: State) -> Draft:
    """A checked transition of a locked draft, as its next revision. Raises EngineInputError."""
    document = copied(draft.document)
    transit(document, action, path, after)
    document = as_json(_checked(document))
    if document == draft.document:
        return draft
    draft.document = document
    if after is not None and "element" in after:
        draft.used_ids = sorted({*draft.used_ids, *ids_in(after["element"])})
    return _saved(draft, by, action, path, before, after)


def _saved(draft: Draft, by: User, action: str, path: Path, before: State, after: State) -> Draft:
    draft.revision += 1
    draft.changed_at = now()
    draft.save(update_fields=["document", "revision", "changed_at", "used_ids"])
    draft.changes.create(
        revision=draft.revision,
        by=by.person,
        at=draft.changed_at,
        action=action,
        path=list(path),
        before=before,
        after=after,
    )
    audit.record(
        f"draft.{action}",
        by=by,
        subject=("draft", draft.uid),
        before={"at": "", **(before or {})},
        after={"at": "/".join(path), **(after or {})},
    )
    return draft


def _checked(document: dict[str, Any]) -> EngineEdition:
    """The engine's reading of it. Raises EngineInputError: the first thing wrong, with its field."""
    try:
        return check_edition(document)
    except ManyInputErrors as wrong:
        raise (wrong.errors[0] if len(wrong.errors) == 1 else wrong) from None


def _states(draft: Draft, kind: str, verb: str, path: Path, value: Any) -> tuple[Path, State, State]:
    """(the path of the change, what is there, what shall be there)."""
    if verb == "set":
        return _set(draft, kind, path, value)
    if verb == "add":
        return _add(draft, kind, path, value or {})
    spot = spot_of(draft.document, kind, path[-1]) if path else None
    if spot is None:
        raise unknown(path)
    if verb == "remove":
        if kind == "part" and len(spot.siblings) == 1:
            raise Refused("last_part")
        return spot.path, _standing(spot), None
    here = {"parent": spot.parent, "next": spot.next}
    there = {"parent": (value or {}).get("parent") or spot.parent, "next": (value or {}).get("next")}
    if there["next"] == path[-1]:
        return (*spot.path, PLACE), here, here
    _refuse_strange(draft, kind, there)
    return (*spot.path, PLACE), here, there


def _set(draft: Draft, kind: str, path: Path, value: Any) -> tuple[Path, State, State]:
    depth = KINDS.index(kind) + 1 if kind in KINDS else 0
    if kind in ("service", "aspire", "signal"):
        path = ("signals" if kind == "signal" else kind, *path)
        depth = 0 if kind == "signal" else 1
    if len(path) <= depth or path[depth] not in _SETTABLE[kind]:
        raise unknown(path)
    element = element_at(draft.document, kind, path)
    name, keys = path[depth], path[depth + 1 :]
    before = {name: element.get(name)}
    after = {name: with_value(element.get(name), keys, value)}
    if kind == "enhancer" and name == "sources":
        # the words of the evidence are made of what it is known from
        before["evidence"] = element.get("evidence")
        after["evidence"] = in_words(after["sources"] or []) or None
    spot = spot_of(draft.document, kind, path[depth - 1]) if kind in KINDS else None
    return (*(spot.path if spot else path[:depth]), *path[depth:]), before, after


def _add(draft: Draft, kind: str, parent: Path, value: dict[str, Any]) -> tuple[Path, State, State]:
    if len(parent) != KINDS.index(kind):
        raise unknown(parent)
    element = {
        name: given
        for name, given in value.items()
        if name in _SETTABLE[kind] and given not in (None, "", {})
    }
    named = element.get("behaviour" if kind == "standard" else "title")
    taken = {*draft.used_ids, *ids_in(draft.document), *draft.document.get("signals", {})}
    name = id_from(named or "", taken, otherwise=kind)
    there = {"parent": parent[-1] if parent else None, "next": value.get("next")}
    _refuse_strange(draft, kind, there)
    return (*parent, name), None, {"element": {kind: name, **element}, **there}


def _standing(spot: Spot) -> State:
    return {"element": spot.element, "parent": spot.parent, "next": spot.next}


def _refuse_strange(draft: Draft, kind: str, place: dict[str, Any]) -> None:
    """A parent that is not there, or a neighbour that stands elsewhere (then: to the end)."""
    parent = place["parent"]
    if parent is not None and spot_of(draft.document, KINDS[KINDS.index(kind) - 1], parent) is None:
        raise unknown((parent,))
    following = spot_of(draft.document, kind, place["next"]) if place["next"] else None
    if following is None or following.parent != parent:
        place["next"] = None


def _known(action: str) -> tuple[str, str]:
    kind, _, verb = action.partition(".")
    if kind not in _SETTABLE or verb not in _VERBS or (verb != "set" and kind not in KINDS):
        raise EngineInputError(
            "field_choice", Where(field="action"), expected=", ".join(_VERBS), given=action
        )
    return kind, verb
