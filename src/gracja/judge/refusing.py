"""What an endpoint says instead of an answer: try again, not this question, or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal, NoReturn

from gracja.engine.errors import EngineInputError, Where

_LONGEST_PATIENCE_SECONDS: Final = 600.0
_PASSING: Final = (408, 409, 425, 429, 500, 502, 503, 504, 529)
_LONGEST_PROBLEM: Final = 200


class TryAgain(Exception):  # noqa: N818  (it is what to do)
    """One try failed, the next may not.

    wait_seconds: what the endpoint asked for. closed_door: nobody was there.
    """

    def __init__(
        self,
        problem: str,
        *,
        wait_seconds: float | None = None,
        may_be_charged: bool = False,
        closed_door: bool = False,
    ) -> None:
        self.problem, self.wait_seconds = problem, wait_seconds
        self.may_be_charged, self.closed_door = may_be_charged, closed_door
        super().__init__(problem)


class QuestionFailed(Exception):  # noqa: N818
    """No answer to this question. lost: tries that may have been charged all the same."""

    def __init__(
        self, code: Literal["request_refused", "endpoint_failed"], problem: str, lost: int = 0
    ) -> None:
        self.code, self.problem, self.lost = code, problem, lost
        super().__init__(code, problem)


def refuse(
    status: int, headers: Mapping[str, str], content: bytes, *, address: str, model: str, key: str | None
) -> NoReturn:
    """Say what this answer means.

    Raises TryAgain (passing), QuestionFailed (400, 413, 422), or EngineInputError: judge_key_missing,
    judge_key_refused, judge_not_found, judge_quota, judge_busy, judge_redirected.
    """
    code, problem = _said(content, key)
    where = Where(address)
    if status in (401, 403):
        raise EngineInputError("judge_key_refused" if key else "judge_key_missing", where, problem=problem)
    if status in (404, 405):
        raise EngineInputError("judge_not_found", where, model=model, problem=problem)
    if status == 402 or code == "insufficient_quota":
        raise EngineInputError("judge_quota", where, problem=problem)
    if 300 <= status < 400:
        raise EngineInputError("judge_redirected", where, target=headers.get("location", ""))
    if status in _PASSING:
        wait = _retry_after(headers.get("retry-after"))
        if wait is not None and wait > _LONGEST_PATIENCE_SECONDS:
            raise EngineInputError("judge_busy", where, seconds=round(wait))
        raise TryAgain(f"{status} {problem}".strip(), wait_seconds=wait)
    raise QuestionFailed("request_refused", f"{status} {problem}".strip())


def _said(content: bytes, key: str | None) -> tuple[str, str]:
    """The error's code and its message, as the endpoint puts them."""
    try:
        error: Any = json.loads(content)
    except (ValueError, RecursionError):
        return "", ""
    if isinstance(error, dict):
        error = error.get("error", error)
    fields = error if isinstance(error, dict) else {"message": error}
    return str(fields.get("code") or ""), shown(str(fields.get("message") or ""), key)


def shown(problem: str, key: str | None) -> str:
    """What somebody else says of a problem, as one short line without the key."""
    line = " ".join(problem.split())
    return (line.replace(key, "***") if key else line)[:_LONGEST_PROBLEM]


def _retry_after(given: str | None) -> float | None:
    """Seconds to wait, from the header's seconds or date (RFC 9110, 10.2.3); None where it says neither."""
    if not given:
        return None
    try:
        return max(0.0, float(given))
    except ValueError:
        pass
    try:
        at = parsedate_to_datetime(given)
    except ValueError:
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
