"""Detectors, as the studio edits them: phrases a chip each, and the moment; the rest as YAML.

A detector of a standard and a signal are edited alike; `Target` says which.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from django.http import Http404

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.standards.models import Draft
from gracja.app.standards.selectors import drafts
from gracja.app.standards.services.detector_tree import EVENT, EVERY_LANGUAGE, MOMENTS, SAID
from gracja.app.standards.services.drafts import change_draft
from gracja.app.standards.services.naming import id_from
from gracja.app.standards.services.operations import spot_of
from gracja.engine.edition.phrases import parse_phrase
from gracja.engine.edition.read import read_predicate

Phrases = dict[str, list[str]]


@dataclass(frozen=True)
class Simple:
    """A detector that the simple editor can show: any of these is said, at this moment."""

    said: Mapping[str, Phrases] = field(default_factory=dict)  # kind -> language -> phrases
    moment: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Target:
    kind: Literal["standard", "signal"]
    id: str


def taken_apart(detect: Any) -> Simple | None:
    """The detector in plain data; None where it is more than the simple editor can show."""
    if detect in (None, "none"):
        return Simple()
    nodes = detect.get("any", [detect])
    moment = {name: value for name, value in detect.items() if name in MOMENTS}
    if set(detect) - set(moment) != {"any"} and len(set(detect) - set(moment)) != 1:
        return None
    said: dict[str, Phrases] = {}
    for node in nodes:
        kinds = [name for name in node if name not in (moment if node is detect else ())]
        if len(kinds) != 1 or kinds[0] not in SAID or kinds[0] in said:
            return None
        phrases = node[kinds[0]]
        said[kinds[0]] = dict(phrases) if isinstance(phrases, dict) else {EVERY_LANGUAGE: list(phrases)}
    return Simple(said, moment)


def put_together(simple: Simple) -> dict[str, Any] | None:
    """The detector in plain data; None where nothing has to be said."""
    nodes = []
    for kind in SAID:
        phrases = {language: several for language, several in simple.said.get(kind, {}).items() if several}
        if phrases:
            bare = phrases.get(EVERY_LANGUAGE) if set(phrases) == {EVERY_LANGUAGE} else None
            nodes.append({kind: bare or {key: kept for key, kept in phrases.items() if key}})
    if not nodes:
        return None
    return {**(nodes[0] if len(nodes) == 1 else {"any": nodes}), **simple.moment}


def add_phrase(
    *, by: User, draft_uid: str, seen: int, target: Target, kind: str, language: str, phrase: str
) -> Draft:
    """One more thing that counts. One that is there already changes nothing.

    kind: agent_says, customer_says, like. Raises Refused as `change_draft`, phrase_missing,
    detector_not_simple; EngineInputError as `parse_phrase`; Http404.
    """
    draft, simple = _simple(by, draft_uid, target)
    text = " ".join(phrase.split())
    if not text:
        raise Refused("phrase_missing")
    if kind not in SAID:
        raise Http404
    if kind != "like":
        parse_phrase(text)  # says what is wrong with the phrase before the whole document does
    phrases = dict(simple.said.get(kind, {}))
    if EVERY_LANGUAGE in phrases:
        language = EVERY_LANGUAGE
    if text not in phrases.get(language, []):
        phrases[language] = [*phrases.get(language, []), text]
    return _set(by, draft, seen, target, replace(simple, said={**simple.said, kind: phrases}))


def remove_phrase(
    *, by: User, draft_uid: str, seen: int, target: Target, kind: str, language: str, phrase: str
) -> Draft:
    """It no longer counts; without the last phrase there is no detector. Raises as `add_phrase`."""
    draft, simple = _simple(by, draft_uid, target)
    phrases = dict(simple.said.get(kind, {}))
    phrases[language] = [one for one in phrases.get(language, []) if one != phrase]
    return _set(by, draft, seen, target, replace(simple, said={**simple.said, kind: phrases}))


def replace_phrase(
    *, by: User, draft_uid: str, seen: int, target: Target, phrase: str, instead: str
) -> Draft:
    """Another in its place, wherever it stands. Raises as `add_phrase`."""
    draft, simple = _simple(by, draft_uid, target)
    parse_phrase(instead)
    said = {
        kind: {
            language: list(dict.fromkeys(instead if one == phrase else one for one in several))
            for language, several in phrases.items()
        }
        for kind, phrases in simple.said.items()
    }
    return _set(by, draft, seen, target, replace(simple, said=said))


def set_moment(*, by: User, draft_uid: str, seen: int, target: Target, moment: Mapping[str, Any]) -> Draft:
    """When it counts: within, where, after, before, each, applies_if; what is None is taken away.

    Raises Refused as `change_draft`, detector_not_simple, moment_without_words; EngineInputError; Http404.
    """
    draft, simple = _simple(by, draft_uid, target)
    if not simple.said:
        raise Refused("moment_without_words")
    kept = {name: value for name in MOMENTS if (value := moment.get(name)) not in (None, "")}
    return _set(by, draft, seen, target, replace(simple, moment=kept))


def set_detector(*, by: User, draft_uid: str, seen: int, target: Target, text: str) -> Draft:
    """The detector as YAML; an empty text or `none`: no detector.

    Raises Refused as `change_draft`; EngineInputError with line and field; Http404.
    """
    require(by, "edition.draft")
    draft = drafts.draft(by=by, uid=draft_uid)
    wanted = None if text.strip() in ("", "none") else read_predicate(text)
    return _write(by, draft, seen, target, wanted)


def add_signal(
    *, by: User, draft_uid: str, seen: int, title: str, kind: str, language: str, phrase: str
) -> tuple[Draft, str]:
    """A signal of one phrase or one event, with its id from the title.

    Raises Refused as `add_phrase`, signal_without_title, event_missing; EngineInputError.
    """
    require(by, "edition.draft")
    draft = drafts.draft(by=by, uid=draft_uid)
    if not title.strip():
        raise Refused("signal_without_title")
    taken = {*draft.used_ids, *draft.document.get("signals", {})}
    name = id_from(title, taken, otherwise="signal")
    target = Target("signal", name)
    if kind == EVENT:
        event = " ".join(phrase.split())
        if not event:
            raise Refused("event_missing")
        return _write(by, draft, seen, target, {EVENT: [event]}), name
    draft = add_phrase(
        by=by,
        draft_uid=draft_uid,
        seen=seen,
        target=target,
        kind=kind,
        language=language,
        phrase=phrase,
    )
    return draft, name


def detector_of(draft: Draft, target: Target) -> Any:
    """The detector in plain data; None where there is none. Raises Http404: no such standard."""
    if target.kind == "signal":
        return draft.document.get("signals", {}).get(target.id)
    spot = spot_of(draft.document, "standard", target.id)
    if spot is None:
        raise Http404
    return spot.element.get("detect")


def _simple(by: User, draft_uid: str, target: Target) -> tuple[Draft, Simple]:
    require(by, "edition.draft")
    draft = drafts.draft(by=by, uid=draft_uid)
    simple = taken_apart(detector_of(draft, target))
    if simple is None:
        raise Refused("detector_not_simple")
    return draft, simple


def _set(by: User, draft: Draft, seen: int, target: Target, simple: Simple) -> Draft:
    return _write(by, draft, seen, target, put_together(simple))


def _write(by: User, draft: Draft, seen: int, target: Target, detect: dict[str, Any] | None) -> Draft:
    if target.kind == "signal":
        action, path = "signal.set", [target.id]
    else:
        spot = spot_of(draft.document, "standard", target.id)
        if spot is None:
            raise Http404
        action, path = "standard.set", [*spot.path, "detect"]
    return change_draft(by=by, draft_uid=draft.uid, seen=seen, action=action, path=path, value=detect)
