"""The Idempotency-Key of a write: sent again, it is answered again and not done again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from typing import Final

from django.http import HttpRequest, HttpResponse

from gracja.app.api.callers import caller_of
from gracja.app.api.problems import problem
from gracja.app.common.uid import new_uid
from gracja.app.tokens.services.answers import Answer, answer_once

HEADER: Final = "Idempotency-Key"
_SENT_AS: Final = "HTTP_IDEMPOTENCY_KEY"  # `request.headers` reads every header first
READS: Final = ("GET", "HEAD", "OPTIONS")
KEY: Final = re.compile(r"^[!-~]{1,200}$")
# Their services keep the key beside what they did, for good. Around them no answer is kept: a customer who is
# held out is remembered although the answer is a refusal, and a refusal takes back all that stands around it.
KEEP_THEIR_OWN: Final = ("/api/v1/gestures", "/api/v1/codes/redeem")


def once(request: HttpRequest, answer: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer to this request, which is done at most once where it is a write that carries a key.

    Raises Refused: key_reused.
    """
    key = request.META.get(_SENT_AS)
    caller = caller_of(request) if key is not None and request.method not in READS else None
    if key is None or caller is None:
        return answer()  # a read; or nobody who could have sent it before
    if not KEY.fullmatch(key):
        return problem(422, "key_unfit")
    if request.path in KEEP_THEIR_OWN:
        return answer()
    given: list[HttpResponse] = []

    def kept() -> Answer:
        given.append(answer())
        return Answer(given[0].status_code, given[0].content.decode())

    sent = b"\n".join((f"{request.method} {request.get_full_path()}".encode(), request.body))
    again = answer_once(by=caller.user, key=key, request=sent, answer=kept)
    if given:
        return given[0]
    response = HttpResponse(again.body, status=again.status, content_type="application/json; charset=utf-8")
    response.headers["Idempotent-Replayed"] = "true"
    return response


def own_key(request: HttpRequest) -> str:
    """The key as those services keep it, a caller's own; without a header, each request has another."""
    key, caller = request.META.get(_SENT_AS), caller_of(request)
    if key is None or caller is None:
        return new_uid()
    return hashlib.sha256(f"{caller.user.person.key} {key}".encode()).hexdigest()
