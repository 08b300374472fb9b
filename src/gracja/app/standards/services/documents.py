"""The edition document as a YAML file: out of a draft or an edition, and into a draft."""

from __future__ import annotations

import re
from typing import Any, Final

from django.db import transaction
from django.shortcuts import get_object_or_404

from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import User
from gracja.app.standards.models import Draft, Edition
from gracja.app.standards.services.drafts import make_change
from gracja.app.standards.services.drafts_meeting import others_since
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.standards.services.operations import ids_in, keyed
from gracja.engine.edition.model import Edition as Document
from gracja.engine.edition.read import read_edition
from gracja.engine.edition.write import as_json
from gracja.engine.errors import EngineInputError, ManyInputErrors, Where

MOST_BYTES: Final = 1_000_000
MOST_MARKS: Final = 30_000  # a bundled edition has some 2,000
DEEPEST: Final = 200
_BRACKETS: Final = re.compile(r"[\[\]{}]")
_OWN: Final = ("id", "version", "effective_from")  # of the draft, whatever the file says


def start_draft_from_file(*, by: User, content: bytes, name: str) -> Draft:
    """A new draft from a file; where the file goes on with an edition of ours, its next version.

    Raises Refused: not_permitted, draft_exists, document_too_large (most_kb), document_not_text;
    ManyInputErrors with file, line and field of everything that is wrong.
    """
    require(by, "edition.draft")
    document = _read(content, name)
    last = Edition.objects.filter(edition_id=document.id).order_by("-version").first()
    draft = start_draft(by=by, from_document=document)
    if last is not None:
        draft.based_on = last
        draft.save(update_fields=["based_on"])
    return draft


def replace_draft_from_file(*, by: User, draft_uid: str, seen: int, content: bytes, name: str) -> Draft:
    """The draft with what the file says; one change, which undo takes back. The same file changes nothing.

    Raises as `start_draft_from_file`, and Refused: document_of_another (given, own), draft_moved_on.
    """
    require(by, "edition.draft")
    document = as_json(_read(content, name))  # outside the transaction: reading takes a second
    with transaction.atomic():
        # locked: two people may change it at once
        draft = get_object_or_404(Draft.objects.select_for_update(), uid=draft_uid)
        if document["id"] != draft.edition_id:
            raise Refused("document_of_another", given=document["id"], own=draft.edition_id)
        if others_since(draft, seen, by.person):
            raise Refused("draft_moved_on")
        new = {**keyed(document), **{name: draft.document.get(name) for name in _OWN}}
        before, after = _differences(draft.document, new)
        if before == after:
            return draft
        draft.used_ids = sorted({*draft.used_ids, *ids_in(new)})
        return make_change(draft, by, "edition.set", (), before, after)


def _differences(old: dict[str, Any], new: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The fields that differ, as they were and as they shall be; None: not given."""
    names = [name for name in {**old, **new} if old.get(name) != new.get(name)]
    return {name: old.get(name) for name in names}, {name: new.get(name) for name in names}


def _read(content: bytes, name: str) -> Document:
    """The document in a stranger's file."""
    if len(content) > MOST_BYTES:
        raise Refused("document_too_large", most_kb=MOST_BYTES // 1000)
    text = _text(content)
    if _marks(text) > MOST_MARKS or _depth(text) > DEEPEST:
        # read token by token it would hold the server for a minute
        branched = EngineInputError("edition_too_branched", Where(name), most=MOST_MARKS)
        raise ManyInputErrors([branched])
    return read_edition(text, file=name).edition


def _marks(text: str) -> int:
    """How many values the text can hold at most, without reading it."""
    return sum(text.count(mark) for mark in (": ", ":\n", ",", "- "))


def _depth(text: str) -> int:
    """How deep the text can nest at most: by brackets, and by steps of its indentation."""
    depth = deepest = 0
    for bracket in _BRACKETS.findall(text):
        depth = depth + 1 if bracket in "[{" else max(0, depth - 1)
        deepest = max(deepest, depth)
    return max(deepest, *(len(line) - len(line.lstrip(" ")) for line in text.split("\n")))


def _text(content: bytes) -> str:
    encoding = "utf-16" if content[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError as wrong:
        line = content[: wrong.start].count(b"\n") + 1
        raise Refused("document_not_text", line=line) from None
    if "\0" in text:
        raise Refused("document_not_text", line=text[: text.index("\0")].count("\n") + 1)
    return text
