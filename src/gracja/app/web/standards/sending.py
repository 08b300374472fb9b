"""What a form of the studio sends: one action on one element, and the fields it carries."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django.http import QueryDict

from gracja.app.standards.services.drafts import change_draft, change_fields
from gracja.app.standards.services.drafts_meeting import others_since, value_at, value_seen

if TYPE_CHECKING:
    from gracja.app.organisation.models import User
    from gracja.app.standards.models import Draft

_ACTION: Final = re.compile(r"(edition|service|aspire|part|enhancer|standard)\.(set|add|move|remove)")
_KEY: Final = re.compile(r"[a-z0-9_-]{1,200}")
_ID: Final = re.compile(r"[a-z][a-z0-9_]*")
_FIELD: Final = re.compile(r"[a-z][a-z_0-9]*(/[a-z_0-9]+)*")
_OWN: Final = frozenset(
    ("csrfmiddlewaretoken", "seen", "action", "path", "phase", "key", "open", "named", "anew")
)
_ROWS: Final = 12  # sources of one enhancer that a form takes


@dataclass(frozen=True)
class Sent:
    """A change as it was asked for."""

    action: str
    path: tuple[str, ...]
    seen: int
    phase: str
    key: str  # of the form, where its problems are shown
    open: str
    anew: bool
    values: dict[str, Any] = field(default_factory=dict)
    raw: tuple[tuple[str, str], ...] = ()  # as the form sent it

    @property
    def kind(self) -> str:
        return self.action.partition(".")[0]

    @property
    def verb(self) -> str:
        return self.action.partition(".")[2]

    @property
    def anchor(self) -> str:
        """What follows the address of the page: the open part."""
        return f"?part={self.open}" if self.open else ""


@dataclass(frozen=True)
class Met:
    """A field that the writer touched, as they want it and as it stands."""

    mine: str
    theirs: str


def sent_by(post: QueryDict) -> Sent | None:
    """None for what no form of ours sends."""
    action, path = post.get("action", ""), tuple(filter(None, post.get("path", "").split("/")))
    if not _ACTION.fullmatch(action) or not all(_ID.fullmatch(one) for one in path):
        return None
    seen, key, open_ = post.get("seen", ""), post.get("key", ""), post.get("open", "")
    return Sent(
        action=action,
        path=path,
        seen=int(seen) if seen.isdecimal() else 0,
        phase=post.get("phase", ""),
        key=key if _KEY.fullmatch(key) else "",
        open=open_ if _ID.fullmatch(open_) else "",
        anew="anew" in post,
        values=_values(post, action),
        raw=tuple((name, one) for name, several in post.lists() if name not in _OWN for one in several),
    )


def met_by(sent: Sent, *, by: User, draft: Draft) -> tuple[list[Met], list[tuple[str, str]]]:
    """What the writer touched, beside what stands there now; and what to send to have it their way."""
    if sent.verb != "set":
        return [], list(sent.raw)
    since = others_since(draft, sent.seen, by.person)
    head = (sent.kind,) if sent.kind in ("service", "aspire") else ()
    met, again = [], []
    for name, value in sent.values.items():
        path = (*head, *sent.path, *name.split("/"))
        if value != (value_seen(draft, sent.kind, path, since) or ""):
            met.append(Met(_shown(value), _shown(value_at(draft, sent.kind, path))))
            again += [(key, one) for key, one in sent.raw if key == name or key.startswith(f"{name}/")]
    return met, again


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return "; ".join(_shown(one) for one in value)
    if isinstance(value, dict):
        return ", ".join(_shown(one) for one in value.values())
    return "" if value is None else str(value)


def changes_of(sent: Sent, *, by: User, uid: str) -> Draft:
    """Do it. Raises as `change_draft`."""
    asked: dict[str, Any] = {
        "by": by,
        "draft_uid": uid,
        "seen": sent.seen,
        "action": sent.action,
        "path": sent.path,
    }
    if sent.verb == "set":
        return change_fields(**asked, values=sent.values)
    value = _tree(sent.values) if sent.verb in ("add", "move") else None
    return change_draft(**asked, value=value)


def _values(post: QueryDict, action: str) -> dict[str, Any]:
    """Each field with its value, as the document wants it."""
    values: dict[str, Any] = {}
    for name in post:
        if name in _OWN or not _FIELD.fullmatch(name) or name.startswith("sources/"):
            continue
        last = name.rpartition("/")[2]
        text = post.get(name, "")
        if last == "channels":
            values[name] = [one for one in post.getlist(name) if one]
        elif last == "feeling":
            values[name] = int(text) if re.fullmatch(r"-?\d{1,4}", text.strip()) else (text.strip() or None)
        elif action == "aspire.set":
            values[name] = _share(text)
        else:
            values[name] = text.replace("\r\n", "\n")
    if any(name.startswith("sources/") for name in post):
        values["sources"] = _sources(post)
    return values


def moment_sent(post: QueryDict) -> dict[str, Any]:
    """When a detector counts, as its form sent it; None: not said."""
    given: dict[str, Any] = {
        name: post.get(name) or None for name in ("within", "after", "before", "each", "applies_if")
    }
    for name in ("within_turns", "within_seconds"):
        text = post.get(name, "").strip()
        given[name] = (int(text) if text.isdecimal() and len(text) < 9 else text) if text else None
    end = post.get("end", "")
    if end in ("first", "last"):
        number = post.get("n", "").strip()
        given["where"] = {
            end: int(number) if number.isdecimal() and len(number) < 9 else number or 1,
            "of": post.get("of") or "agent",
        }
    return given


def _share(percent: str) -> float | str:
    """85 or 85,5 of a hundred as a share; what is no number stays, for the engine to refuse."""
    try:
        return round(float(percent.replace(",", ".")) / 100, 4)
    except ValueError:
        return percent


def _sources(post: QueryDict) -> list[dict[str, Any]]:
    """The rows of evidence that say something; a row without words goes."""
    rows = []
    for at in range(_ROWS):
        texts = {lang: post.get(f"sources/{at}/{lang}", "").strip() for lang in ("pl", "en")}
        number, day = (post.get(f"sources/{at}/{name}", "").strip() for name in ("number", "date"))
        source = {lang: text for lang, text in texts.items() if text}
        if source or number or day:
            row: dict[str, Any] = {"source": source or {"pl": number or day, "en": number or day}}
            rows.append(row | {name: one for name, one in (("number", number), ("date", day)) if one})
    return rows


def _tree(values: dict[str, Any]) -> dict[str, Any]:
    """{"title/pl": x} as {"title": {"pl": x}}, without what is empty."""
    tree: dict[str, Any] = {}
    for name, value in values.items():
        *way, last = name.split("/")
        node = tree
        for step in way:
            node = node.setdefault(step, {})
        if value not in ("", None, []):
            node[last] = value
    return {name: value for name, value in tree.items() if value != {}}
