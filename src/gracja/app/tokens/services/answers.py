"""Do a write once, however often it is sent: its answer is kept under the sender's key."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import transaction

from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.organisation.models import User
from gracja.app.tokens.models import KeptAnswer

KEPT: Final = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Answer:
    """again: it was given before, and nothing was done this time."""

    status: int
    body: str
    again: bool = False


@transaction.atomic
def answer_once(*, by: User, key: str, request: bytes, answer: Callable[[], Answer]) -> Answer:
    """The answer to this write: the kept one, or what `answer` gives now, which is kept where it succeeded.

    Everything that `answer` writes stands or falls with the kept answer; another sender with the same key
    waits for it. Raises Refused: key_reused (the key came with another request before).
    """
    KeptAnswer.objects.filter(made_at__lt=now() - KEPT).delete()
    digest = hashlib.sha256(request).hexdigest()
    # locked: whoever comes second waits at the unique constraint until the first is done
    kept, new = KeptAnswer.objects.get_or_create(
        person=by.person,
        key_hash=hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest(),
        defaults={"request_digest": digest},
    )
    if not new and kept.request_digest != digest:
        raise Refused("key_reused")
    if not new and kept.status is not None:
        return Answer(kept.status, kept.body, again=True)
    given = answer()
    if given.status >= 300:
        transaction.set_rollback(True)  # it may be sent again under the same key, once mended
        return given
    kept.status, kept.body = given.status, given.body
    kept.save(update_fields=("status", "body"))
    return given
