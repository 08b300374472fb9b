"""Somebody who was erased leaves the answers that were kept, and the titles of tokens."""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from gracja.app.common.names import Names
from gracja.app.organisation.models import Person
from gracja.app.tokens.models import ApiToken, KeptAnswer


def forget_person(person: Person, names: Names) -> None:
    """What they were answered goes; in what others were answered, their names are masked: it stays an answer,
    so that no write is done twice. In the caller's transaction.
    """
    KeptAnswer.objects.filter(person=person).delete()
    _mask_answers(names)
    for token in ApiToken.objects.all():
        if names.stand_in(token.title):
            token.title = names.masked(token.title)[:80]
            token.save(update_fields=("title",))


def forget_customers(uids: Collection[str], names: Names) -> None:
    """Answers that told of these customers stay answers, and tell nothing of them: every value beside one of
    these `uids` is emptied, and names elsewhere are masked. In the caller's transaction.
    """
    _mask_answers(names, frozenset(uids))


def _mask_answers(names: Names, uids: Collection[str] = ()) -> None:
    for kept in KeptAnswer.objects.exclude(body=""):
        try:
            said = json.loads(kept.body)
        except ValueError:
            said = kept.body
        masked = names.masked(_emptied(said, uids))
        if masked != said:
            kept.body = masked if isinstance(said, str) else json.dumps(masked)
            kept.save(update_fields=("body",))


def _emptied(said: Any, uids: Collection[str]) -> Any:
    if isinstance(said, list):
        return [_emptied(one, uids) for one in said]
    if not isinstance(said, dict):
        return said
    if said.get("uid") in uids:
        return {**dict.fromkeys(said), "uid": said["uid"]}
    return {name: _emptied(one, uids) for name, one in said.items()}
