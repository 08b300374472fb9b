"""An OpenAI-compatible endpoint: one question out, one reply back, with patience and without leaks.

Waits grow with each try and honour Retry-After. The key goes into one header and nowhere else; redirects
are not followed, since they would take a text to an address that nobody allowed.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Self
from urllib.parse import urlsplit

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception_type
from tenacity.nap import sleep_using_event
from tenacity.wait import wait_exponential_jitter

from gracja import __version__
from gracja.engine.errors import EngineInputError, Where
from gracja.judge.budget import MOST_OUTPUT_TOKENS
from gracja.judge.question import ANSWER_SCHEMA
from gracja.judge.refusing import QuestionFailed, TryAgain, refuse, shown
from gracja.judge.reply import Reply

_LOOPBACK: Final = ("localhost", "127.0.0.1", "::1")
_CONNECT_SECONDS: Final = 10.0
_ANSWER_SECONDS: Final = 120.0
_LARGEST_ANSWER_BYTES: Final = 2_000_000
_TRIES: Final = 6
_TRIES_AT_A_CLOSED_DOOR: Final = 2  # while nobody has answered: a wrong address, a server not started
_LONGEST_WAIT_SECONDS: Final = 60.0
_STRICT: Final = {
    "type": "json_schema",
    "json_schema": {"name": "judgement", "strict": True, "schema": ANSWER_SCHEMA},
}
_SHORT: Final = {"max_tokens": MOST_OUTPUT_TOKENS, "temperature": 0}
# Tried in this order until one is taken: servers and models differ in what they refuse with 400 or 422.
_DIALECTS: Final[tuple[dict[str, Any], ...]] = (
    {"response_format": _STRICT, **_SHORT, "logprobs": True, "top_logprobs": 5},
    {"response_format": _STRICT, **_SHORT},
    {"response_format": _STRICT, "max_completion_tokens": MOST_OUTPUT_TOKENS},
    {"response_format": {"type": "json_object"}, **_SHORT},
)


def check_address(address: str, *, plain_http: bool = False) -> None:
    """Raises EngineInputError: endpoint_unreadable; judge_plain_http, for http:// to another machine."""
    try:
        httpx.URL(address)
        parts = urlsplit(address)
    except (httpx.InvalidURL, ValueError):
        raise EngineInputError("endpoint_unreadable", given=address) from None
    if parts.scheme == "http" and parts.hostname not in _LOOPBACK and not plain_http:
        raise EngineInputError("judge_plain_http", Where(address))


def check_key(key: str | None) -> None:
    """Raises EngineInputError: judge_key_unreadable, for a key that no header can carry."""
    if key is not None and not (key.isascii() and key.isprintable() and " " not in key):
        raise EngineInputError("judge_key_unreadable")


@dataclass(frozen=True, slots=True)
class Asked:
    """A reply, and how many tries before it ended without one (they may have been charged)."""

    reply: Reply
    lost: int


class Endpoint:
    """Ask one model at one address; may be used by several threads at once.

    sleep: how to wait between tries (seconds); by default until `stop` is called at the latest. on_wait: told
    of each such wait, from any thread: what was wrong, and seconds.

    Raises EngineInputError: those of `check_address` and `check_key`.
    """

    def __init__(
        self,
        address: str,
        model: str,
        *,
        key: str | None = None,
        plain_http: bool = False,
        answer_seconds: float = _ANSWER_SECONDS,
        sleep: Callable[[float], None] | None = None,
        on_wait: Callable[[str, float], None] | None = None,
    ) -> None:
        check_address(address, plain_http=plain_http)
        check_key(key)
        self.address, self.model = address, model
        self._key, self._answer_seconds = key, answer_seconds
        self._stopped = threading.Event()
        self._sleep = sleep or sleep_using_event(self._stopped)
        self._growing = wait_exponential_jitter(initial=1, max=_LONGEST_WAIT_SECONDS, jitter=1)
        self._on_wait = on_wait
        self._dialect, self._settled, self._answered = 0, False, False
        headers = {"user-agent": f"gracja/{__version__}"} | (
            {"authorization": f"Bearer {key}"} if key else {}
        )
        self._client = httpx.Client(
            headers=headers,
            timeout=httpx.Timeout(answer_seconds, connect=_CONNECT_SECONDS),
            follow_redirects=False,
            # a proxy is the company's way out; to this machine itself nothing takes a detour
            trust_env=urlsplit(address).hostname not in _LOOPBACK,
        )

    def ask(self, messages: tuple[dict[str, str], ...]) -> Asked:
        """One question, tried until it is answered.

        Raises QuestionFailed, where this question found no answer; EngineInputError, where no question
        will: those of `refuse`; judge_unreachable (problem), where nobody ever answered.
        """
        lost = 0
        while True:
            dialect = self._dialect
            try:
                reply, tries_lost = self._patiently(messages, _DIALECTS[dialect])
            except QuestionFailed as failed:
                lost += failed.lost
                last = dialect == len(_DIALECTS) - 1
                if failed.code != "request_refused" or self._settled or last:
                    # all refused: it was the question (too long, say), so the next one starts at the first
                    self._dialect = self._dialect if self._settled else 0
                    raise QuestionFailed(failed.code, failed.problem, lost) from None
                self._dialect = dialect + 1
            else:
                # another thread may have gone on meanwhile; what was taken here is taken there too
                self._dialect, self._settled = dialect, True
                return Asked(reply, lost + tries_lost)

    def stop(self) -> None:
        """End all waiting: what is on its way ends with its present try."""
        self._stopped.set()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self._client.close()

    def _patiently(self, messages: tuple[dict[str, str], ...], dialect: dict[str, Any]) -> tuple[Reply, int]:
        lost = 0

        def count(state: RetryCallState) -> None:
            nonlocal lost
            failure = _failure(state)
            lost += isinstance(failure, TryAgain) and failure.may_be_charged

        tries = Retrying(
            stop=self._tried_enough,
            wait=self._wait_seconds,
            retry=retry_if_exception_type(TryAgain),
            sleep=self._sleep,
            after=count,
            before_sleep=self._tell_of_wait,
            reraise=True,
        )
        try:
            return tries(self._once, messages, dialect), lost
        except TryAgain as gave_up:
            if gave_up.closed_door and not self._answered:
                where = Where(self.address)
                raise EngineInputError("judge_unreachable", where, problem=gave_up.problem) from None
            raise QuestionFailed("endpoint_failed", gave_up.problem, lost) from None

    def _tried_enough(self, state: RetryCallState) -> bool:
        failure = _failure(state)
        closed = isinstance(failure, TryAgain) and failure.closed_door and not self._answered
        return self._stopped.is_set() or state.attempt_number >= (
            _TRIES_AT_A_CLOSED_DOOR if closed else _TRIES
        )

    def _tell_of_wait(self, state: RetryCallState) -> None:
        failure = _failure(state)
        if self._on_wait and isinstance(failure, TryAgain):
            self._on_wait(failure.problem, state.upcoming_sleep)

    def _wait_seconds(self, state: RetryCallState) -> float:
        failure = _failure(state)
        asked = failure.wait_seconds if isinstance(failure, TryAgain) else None
        return asked if asked is not None else self._growing(state)

    def _once(self, messages: tuple[dict[str, str], ...], dialect: dict[str, Any]) -> Reply:
        body = {"model": self.model, "messages": list(messages), **dialect}
        try:
            status, headers, content = self._post(body)
        except (httpx.ConnectError, httpx.ConnectTimeout) as closed:
            raise TryAgain(self._shown(closed), closed_door=True) from None
        except httpx.TimeoutException:
            raise TryAgain("timeout", may_be_charged=True) from None
        except httpx.RequestError as broken:
            raise TryAgain(self._shown(broken)) from None
        self._answered = True
        if status != httpx.codes.OK:
            refuse(status, headers, content, address=self.address, model=self.model, key=self._key)
        try:
            reply = Reply.of(httpx.Response(200, content=content).json())
        except (ValueError, RecursionError):
            reply = None
        if reply is None:
            raise QuestionFailed("endpoint_failed", "no chat completion", 1)
        return reply

    def _shown(self, broken: httpx.RequestError) -> str:
        return shown(str(broken) or type(broken).__name__, self._key)

    def _post(self, body: dict[str, Any]) -> tuple[int, httpx.Headers, bytes]:
        """The whole answer, but not more than a fair size in a fair time: a drip would never end."""
        ends = time.monotonic() + self._answer_seconds
        content = bytearray()
        url = f"{self.address.rstrip('/')}/chat/completions"
        with self._client.stream("POST", url, json=body) as response:
            for part in response.iter_bytes():
                content += part
                if time.monotonic() > ends:
                    raise httpx.ReadTimeout("slow")
                if len(content) > _LARGEST_ANSWER_BYTES:
                    raise QuestionFailed("endpoint_failed", "answer too long", 1)
            return response.status_code, response.headers, bytes(content)


def _failure(state: RetryCallState) -> BaseException | None:
    return state.outcome.exception() if state.outcome else None
