"""A detector that is more than phrases: groups, events, times, a question to a language model.

Every change is one revision, and one step of undo; where the way of recognising asks for another measure,
both change together.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from django.db import transaction
from django.http import Http404
from django.shortcuts import get_object_or_404

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.standards.models import Draft
from gracja.app.standards.services import detector_tree as trees
from gracja.app.standards.services.detecting import Target, detector_of
from gracja.app.standards.services.detector_tree import (
    EVENT,
    GROUPS,
    JUDGE,
    LEAVES,
    MOMENTS,
    SAID,
    TIMED,
    Node,
)
from gracja.app.standards.services.drafts import change_draft, make_change
from gracja.app.standards.services.drafts_meeting import others_since, refuse_overlap
from gracja.app.standards.services.naming import cleaned
from gracja.app.standards.services.operations import spot_of
from gracja.engine.edition.phrases import parse_phrase

JOINS: Final = GROUPS
_SECONDS: Final = {"seconds_at_most": 30}

Change = Callable[[Node], Node | None]


def leaf_of(kind: str, language: str, text: str) -> Node:
    """A node of one phrase or one event. Raises Refused: phrase_missing; EngineInputError; Http404."""
    said = " ".join(text.split())
    if kind not in LEAVES:
        raise Http404
    if not said:
        raise Refused("phrase_missing" if kind != EVENT else "event_missing")
    if kind == EVENT:
        return Node(EVENT, events=(said,))
    if kind != "like":
        parse_phrase(said)  # says what is wrong with the phrase before the whole document does
    return Node(kind, says={language: [said]})


def join_condition(
    *, by: User, draft_uid: str, seen: int, target: Target, mark: str, how: str, leaf: Node
) -> Draft:
    """Beside all that is there, one more: or (any), and (all), but not (none).

    mark: `mark_of` the detector that the writer saw. Raises Refused as `change_draft`, detector_moved_on;
    EngineInputError; Http404.
    """
    if how not in JOINS:
        raise Http404
    draft, root = _seen(by, draft_uid, seen, target, mark)
    if root is not None and root.kind in (*TIMED, JUDGE):
        root = None  # neither a time nor a question stands in a group
    return recognise(by=by, draft=draft, seen=seen, target=target, root=trees.joined(root, how, leaf))


def add_condition(
    *, by: User, draft_uid: str, seen: int, target: Target, mark: str, at: str, leaf: Node
) -> Draft:
    """One more in the group at this place. Raises as `join_condition`."""

    def longer(group: Node) -> Node:
        if not group.is_group:
            raise LookupError(at)
        return replace(group, children=(*group.children, leaf))

    return _change(by, draft_uid, seen, target, mark, at, longer)


def remove_condition(*, by: User, draft_uid: str, seen: int, target: Target, mark: str, at: str) -> Draft:
    """A node and all below it go; without the last there is no detector. Raises as `join_condition`."""
    return _change(by, draft_uid, seen, target, mark, at, lambda _node: None)


def group_condition(
    *, by: User, draft_uid: str, seen: int, target: Target, mark: str, at: str, kind: str
) -> Draft:
    """A group becomes another kind of group; anything else becomes a group of itself.

    Raises as `join_condition`.
    """
    if kind not in GROUPS:
        raise Http404

    def other(node: Node) -> Node:
        return replace(node, kind=kind) if node.is_group else trees.grouped(node, kind, top=not at)

    return _change(by, draft_uid, seen, target, mark, at, other)


def dissolve_group(*, by: User, draft_uid: str, seen: int, target: Target, mark: str, at: str) -> Draft:
    """What it held goes one step up. Raises as `join_condition`."""
    draft, root = _seen(by, draft_uid, seen, target, mark)
    try:
        made = trees.dissolved(root, at) if root else None
    except LookupError:
        raise Http404 from None
    return recognise(by=by, draft=draft, seen=seen, target=target, root=made)


def add_words(
    *, by: User, draft_uid: str, seen: int, target: Target, mark: str, at: str, language: str, text: str
) -> Draft:
    """One more phrase or event of the node at this place. Raises as `join_condition`, `leaf_of`."""

    def longer(node: Node) -> Node:
        more = leaf_of(node.kind, language, text)
        if node.kind == EVENT:
            return replace(node, events=tuple(dict.fromkeys((*node.events, *more.events))))
        own = trees.EVERY_LANGUAGE if trees.EVERY_LANGUAGE in node.says else language
        phrases = [*node.says.get(own, []), *more.says[language]]
        return replace(node, says={**node.says, own: list(dict.fromkeys(phrases))})

    return _change(by, draft_uid, seen, target, mark, at, longer)


def remove_words(
    *, by: User, draft_uid: str, seen: int, target: Target, mark: str, at: str, language: str, text: str
) -> Draft:
    """They no longer count; a node without any goes. Raises as `join_condition`."""

    def shorter(node: Node) -> Node:
        if node.kind == EVENT:
            return replace(node, events=tuple(one for one in node.events if one != text))
        if node.kind not in SAID:
            raise LookupError(at)
        kept = [one for one in node.says.get(language, []) if one != text]
        return replace(node, says={**node.says, language: kept})

    return _change(by, draft_uid, seen, target, mark, at, shorter)


def set_node_moment(
    *, by: User, draft_uid: str, seen: int, target: Target, mark: str, at: str, moment: Mapping[str, Any]
) -> Draft:
    """When the node counts; what is None is taken away. Raises as `join_condition`."""
    kept = {name: value for name in MOMENTS if (value := moment.get(name)) not in (None, "")}
    return _change(by, draft_uid, seen, target, mark, at, lambda node: replace(node, moment=kept))


def time_reply(
    *,
    by: User,
    draft_uid: str,
    seen: int,
    target: Target,
    mark: str,
    kind: str,
    seconds: Any,
    unless: str = "",
    applies_if: str = "",
) -> Draft:
    """Recognise it by a time: the first reply, or the longest silence; the measure becomes these seconds.

    Raises as `join_condition`.
    """
    if kind not in TIMED:
        raise Http404
    draft, _root = _seen(by, draft_uid, seen, target, mark)
    timed = {"unless": unless} if unless and kind == "longest_silence_seconds" else {}
    root = Node(kind, timed=timed, moment={"applies_if": applies_if} if applies_if else {})
    return recognise(
        by=by, draft=draft, seen=seen, target=target, root=root, measure={"seconds_at_most": seconds}
    )


def ask_judge(
    *,
    by: User,
    draft_uid: str,
    seen: int,
    target: Target,
    mark: str,
    question: Mapping[str, str],
    applies_if: str = "",
) -> Draft:
    """Recognise it by a question to a language model; nothing is asked before the edition permits it.

    Raises as `join_condition`, question_missing.
    """
    draft, _root = _seen(by, draft_uid, seen, target, mark)
    asked = {language: said for language, text in question.items() if (said := text.strip())}
    if not asked:
        raise Refused("question_missing")
    root = Node(JUDGE, question=asked, moment={"applies_if": applies_if} if applies_if else {})
    return recognise(by=by, draft=draft, seen=seen, target=target, root=root)


def permit_model(*, by: User, draft_uid: str, seen: int, address: str, model: str, mask: bool) -> Draft:
    """That this edition's questions may be asked there; without an address: nowhere. Prices stay.

    Raises as `change_draft`.
    """
    require(by, "edition.draft")
    draft = get_object_or_404(Draft, uid=draft_uid)
    own = draft.document.get("language_model") or {}
    value = {**own, "texts_may_leave_to": address.strip(), "model": model.strip(), "mask_names": mask}
    return change_draft(
        by=by,
        draft_uid=draft_uid,
        seen=seen,
        action="edition.set",
        path=["language_model"],
        value=value if address.strip() else None,
    )


@transaction.atomic
def recognise(
    *, by: User, draft: Draft, seen: int, target: Target, root: Node | None, measure: Any = None
) -> Draft:
    """Write the detector, and with it the measure that it needs. Raises as `change_draft`; Http404."""
    require(by, "edition.draft")
    detect = cleaned(trees.plain(root))
    if target.kind == "signal":
        return change_draft(
            by=by, draft_uid=draft.uid, seen=seen, action="signal.set", path=[target.id], value=detect
        )
    # locked: two people may change it at once
    draft = get_object_or_404(Draft.objects.select_for_update(), pk=draft.pk)
    spot = spot_of(draft.document, "standard", target.id)
    if spot is None:
        raise Http404
    path = (*spot.path, "detect")
    refuse_overlap({path, (*spot.path, "measure")}, others_since(draft, seen, by.person))
    before = {name: spot.element.get(name) for name in ("detect", "measure")}
    own = before["measure"] if measure is None else measure
    after = {"detect": detect, "measure": _measure_for(root, own)}
    if after["measure"] == before["measure"]:
        before, after = {"detect": before["detect"]}, {"detect": detect}
    return draft if before == after else make_change(draft, by, "standard.set", path, before, after)


def _measure_for(root: Node | None, measure: Any) -> Any:
    """A time is measured in seconds, and nothing else is; a question is answered by yes or no."""
    in_seconds = isinstance(measure, dict) and "seconds_at_most" in measure
    if root is not None and root.kind in TIMED:
        return measure if in_seconds else _SECONDS
    counted = isinstance(measure, dict) and "count_at_least" in measure
    if root is not None and (in_seconds or (counted and root.kind == JUDGE)):
        return None
    return measure


def _change(by: User, draft_uid: str, seen: int, target: Target, mark: str, at: str, change: Change) -> Draft:
    draft, root = _seen(by, draft_uid, seen, target, mark)
    try:
        made = trees.changed_at(root, at, change) if root else None
    except LookupError:
        raise Http404 from None
    return recognise(by=by, draft=draft, seen=seen, target=target, root=made)


def _seen(by: User, draft_uid: str, seen: int, target: Target, mark: str) -> tuple[Draft, Node | None]:
    """The detector that the writer saw: a place in another one would be another node."""
    require(by, "edition.draft")
    draft = get_object_or_404(Draft, uid=draft_uid)
    detect = detector_of(draft, target)
    if trees.mark_of(detect) != mark:
        spot = spot_of(draft.document, "standard", target.id)
        path = (*spot.path, "detect") if target.kind == "standard" and spot else ("signals", target.id)
        refuse_overlap({path}, others_since(draft, seen, by.person))
        raise Refused("detector_moved_on")
    return draft, trees.parsed(detect)
