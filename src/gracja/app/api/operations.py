"""How an operation is declared: who may call it, what it may be answered, and where that is documented."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from ninja import Router

from gracja.app.api.callers import Session, Token

# Besides the answer itself. Document.py turns them into problem+json.
READ: Final = (401, 403, 422)
WRITE: Final = (400, 401, 403, 409, 413, 422)


def reads(
    router: Router,
    path: str,
    *,
    scope: str,
    response: Any,
    also: tuple[int, ...] = (),
    media_type: str = "application/json",
) -> Callable[..., Any]:
    """GET: for a token with the scope, and for a browser that is signed in."""
    return router.get(
        path,
        auth=[Token(scope), Session()],
        response=response,
        openapi_extra={
            "x-scope": scope,
            "x-problems": _problems(READ, path, also),
            "x-media-type": media_type,
        },
    )


def writes(
    router: Router, method: str, path: str, *, scope: str, response: Any, also: tuple[int, ...] = ()
) -> Callable[..., Any]:
    """POST, PATCH, PUT or DELETE: for a token with the scope."""
    return router.api_operation(
        [method],
        path,
        auth=[Token(scope)],
        response=response,
        openapi_extra={"x-scope": scope, "x-problems": _problems(WRITE, path, also)},
    )


def _problems(usual: tuple[int, ...], path: str, also: tuple[int, ...]) -> list[int]:
    found = {*usual, *also} | ({404} if "{" in path else set())
    return sorted(found)
