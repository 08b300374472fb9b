"""What went wrong, as application/problem+json (RFC 9457) in the caller's language."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any, Final

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.serializers.json import DjangoJSONEncoder
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import translation
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from gracja.app.common.refused import Refused
from gracja.engine.errors import EngineInputError, ManyInputErrors
from gracja.wording import say, say_error
from gracja.wording.refusals import say_refusal

log = logging.getLogger(__name__)
MEDIA_TYPE: Final = "application/problem+json"
# Codes of services whose status is not 409.
STATUS: Final = {"not_permitted": 403, "key_reused": 422}
_RULES: Final = {
    "greater_than_equal": ("≥", "ge"),
    "greater_than": (">", "gt"),
    "less_than_equal": ("≤", "le"),
    "less_than": ("<", "lt"),
}
# How pydantic's names begin -> ours
_KINDS: Final = (
    ("missing", "field_missing"),
    ("extra_forbidden", "field_unknown"),
    ("characters", "field_characters"),
    ("string_pattern_mismatch", "field_pattern"),
    ("string_too_short", "field_too_short"),
    ("string_too_long", "field_too_long"),
    ("string_unicode", "field_characters"),
    ("too_short", "field_too_short"),
    ("too_long", "field_too_long"),
    ("literal_error", "field_choice"),
    ("enum", "field_choice"),
    ("string", "field_text"),
    ("int", "field_whole_number"),
    ("float", "field_number"),
    ("finite_number", "field_number"),
    ("bool", "field_yes_no"),
    ("list", "field_list"),
    ("dict", "field_object"),
    ("model", "field_object"),
    ("datetime", "field_moment"),
    ("timezone", "field_moment"),
    ("date", "field_day"),
)


class ScopeMissing(Exception):  # noqa: N818  (it is an answer, no failure)
    """The token lets its person in, but not to this."""

    def __init__(self, scope: str) -> None:
        super().__init__(scope)
        self.scope = scope


class CursorUnknown(Exception):  # noqa: N818  (as above)
    """A cursor that was not given out here."""


def problem(
    status: int, code: str, *, detail: str = "", errors: Iterable[dict[str, Any]] = (), **facts: Any
) -> HttpResponse:
    """The answer to what cannot be done. detail: the sentence, else the one that wording/api.yaml has."""
    body = {
        "type": f"urn:gracja:problem:{code}",
        "title": say(f"title_{status}", _language(), area="api"),
        "status": status,
        "detail": detail or say(code, _language(), area="api", **facts),
        "code": code,
        "facts": facts,
    }
    if found := list(errors):
        body["errors"] = found
    text = json.dumps(body, cls=_Lenient, ensure_ascii=False)
    return HttpResponse(text, status=status, content_type=MEDIA_TYPE)


def in_place(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """The problem, with the address at which it arose."""
    body = json.loads(response.content)
    response.content = json.dumps(body | {"instance": request.path}, ensure_ascii=False)
    return response


def handle(api: NinjaAPI) -> None:
    """Let every exception become a problem."""
    for kind, answer in _ANSWERS.items():
        api.add_exception_handler(kind, _without_request(answer))


def _without_request(answer: Callable[[Any], HttpResponse]) -> Callable[[HttpRequest, Any], HttpResponse]:
    return lambda _request, error: answer(error)


def _refused(error: Refused) -> HttpResponse:
    sentence = say_refusal(error.code, _language(), **error.facts)
    return problem(STATUS.get(error.code, 409), error.code, detail=sentence, **error.facts)


def _unusable(error: EngineInputError) -> HttpResponse:
    """What the engine cannot read: each error with its place."""
    found = error.errors if isinstance(error, ManyInputErrors) else [error]
    errors = [
        {"field": one.where.field or "", "line": one.where.line, "code": one.code}
        | {"detail": say_error(one, _language())}
        for one in found
    ]
    facts = {name: value for name, value in error.facts.items() if name != "detail"}
    return problem(422, error.code, detail=say_error(error, _language()), errors=errors, **facts)


def _invalid(error: ValidationError) -> HttpResponse:
    """Values that do not have the documented form."""
    errors = [_field(one) for one in error.errors]
    return problem(422, "input_does_not_fit", errors=errors, count=len(errors))


def _field(error: dict[str, Any]) -> dict[str, Any]:
    kind, context = error["type"], error.get("ctx", {})
    if kind in _RULES:
        rule, name = _RULES[kind]
        code, facts = "field_range", {"rule": rule, "limit": context[name]}
    else:
        code = next((ours for theirs, ours in _KINDS if kind.startswith(theirs)), "field_other")
        facts = {
            "expected": context.get("expected", ""),
            "pattern": context.get("pattern", ""),
            "least": context.get("min_length", 1),
            "most": context.get("max_length", 1),
        }
    return {
        # body.payload.name: the middle one is the name of our own argument
        "field": ".".join(str(step) for step in error["loc"] if step != "given"),
        "code": code,
        "detail": say(code, _language(), area="api", **facts),
    }


def _too_large(_: Exception) -> HttpResponse:
    return problem(413, "body_too_large", megabytes=(settings.DATA_UPLOAD_MAX_MEMORY_SIZE or 0) // 2**20)


def _http(error: HttpError) -> HttpResponse:
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return problem(400, "body_unreadable")
    raise error


def _broken(error: Exception) -> HttpResponse:
    log.error("interface broken", exc_info=error)
    return problem(500, "server_broken")


_ANSWERS: Final[dict[type[Exception], Any]] = {
    Refused: _refused,
    EngineInputError: _unusable,
    ValidationError: _invalid,
    ScopeMissing: lambda error: problem(403, "scope_missing", scope=error.scope),
    CursorUnknown: lambda _: problem(422, "cursor_unknown"),
    AuthenticationError: lambda _: problem(401, "not_signed_in"),
    Http404: lambda _: problem(404, "nothing_here"),
    RequestDataTooBig: _too_large,
    HttpError: _http,
    Exception: _broken,
}


def _language() -> str:
    return translation.get_language() or settings.LANGUAGE_CODE


class _Lenient(DjangoJSONEncoder):
    """Facts are values of the services: what JSON has no form for stands as text."""

    def default(self, o: Any) -> Any:
        try:
            return super().default(o)
        except TypeError:
            return str(o)
