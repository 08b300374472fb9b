"""Who calls: a program with a token, or, to read only, a browser that is signed in."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from django.http import HttpRequest
from ninja.security import APIKeyCookie
from ninja.security.http import HttpAuthBase

from gracja.app.api.problems import ScopeMissing
from gracja.app.tokens.services.callers import Caller, caller_with

if TYPE_CHECKING:
    from gracja.app.organisation.models import User

_CALLER: Final = "_gracja_caller"


class Called(HttpRequest):
    """A request that came through `Token` or `Session`; for the type checker."""

    auth: User


class Token(HttpAuthBase):
    """A token made under *Tokens*; needs the scope that the operation names.

    Not ninja's HttpBearer: that one writes a header of another kind, and so perhaps a secret, into the log.
    """

    openapi_scheme = "bearer"

    def __init__(self, scope: str) -> None:
        self.scope = scope
        super().__init__()

    def __call__(self, request: HttpRequest) -> Any:
        if (caller := caller_of(request)) is None:
            return None
        if not caller.has(self.scope):
            raise ScopeMissing(self.scope)
        return caller.user


class Session(APIKeyCookie):
    """The pages' own session, for reading from the same origin. A write needs a token: no form elsewhere can
    forge one.
    """

    param_name = "sessionid"

    def __init__(self) -> None:
        super().__init__(csrf=False)

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:  # noqa: ARG002
        user = request.user
        return user if user.is_authenticated and request.method == "GET" else None


def caller_of(request: HttpRequest) -> Caller | None:
    """Who comes with the token of this request, looked up once."""
    if not hasattr(request, _CALLER):
        kind, _, secret = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
        caller = caller_with(secret.strip()) if kind.lower() == "bearer" and secret.strip() else None
        setattr(request, _CALLER, caller)
    found: Caller | None = getattr(request, _CALLER)
    return found
