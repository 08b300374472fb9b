"""Many questions, a few at a time: from the cache where they were paid for, else from the endpoint."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Final

from gracja.engine.errors import EngineInputError, Where
from gracja.judge.answer import Judgement
from gracja.judge.budget import Budget, Tokens
from gracja.judge.cache import Cache
from gracja.judge.endpoint import Asked, Endpoint
from gracja.judge.question import Question
from gracja.judge.refusing import QuestionFailed

AT_ONCE: Final = 4
_FAILURES_IN_A_ROW: Final = 5  # each after several tries: the endpoint is down, not the question wrong


@dataclass
class Counts:
    """What became of the questions. problems: the first thing that the endpoint said, by refusal."""

    questions: int = 0
    from_cache: int = 0
    asked: int = 0
    not_asked: int = 0
    uncounted: int = 0  # replies without token counts; their upper bound was counted
    refused: Counter[str] = field(default_factory=Counter)
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _OnItsWay:
    question: Question
    key: str
    reserved: Tokens


class Session:
    """One run. All but the waiting for replies happens in the calling thread."""

    def __init__(self, endpoint: Endpoint, cache: Cache, budget: Budget, *, at_once: int = AT_ONCE) -> None:
        self._endpoint, self._cache, self.budget = endpoint, cache, budget
        self._at_once = at_once
        self.counts = Counts()
        self._failures_in_a_row = 0

    def answers(self, questions: Iterable[Question]) -> Iterator[tuple[Question, Judgement | None]]:
        """Each question with its judgement, as they come; None: not asked, the budget is spent.

        Raises EngineInputError: those of `Endpoint.ask` and `Cache`; judge_down (problem), where one
        question after another failed. What was answered until then is in the cache.
        """
        pool = ThreadPoolExecutor(self._at_once, thread_name_prefix="judge")
        going: dict[Future[Asked], _OnItsWay] = {}
        try:
            for question in questions:
                self.counts.questions += 1
                key = question.key(self._endpoint.address, self._endpoint.model)
                if (known := self._cache.get(key)) is not None:
                    self.counts.from_cache += 1
                    yield question, self._counted(known)
                    continue
                reserved = Tokens.at_most(question.size_bytes)
                if not self.budget.reserve(reserved):
                    self.counts.not_asked += 1
                    yield question, None
                    continue
                going[pool.submit(self._endpoint.ask, question.messages)] = _OnItsWay(question, key, reserved)
                if len(going) >= self._at_once:
                    yield from self._settle(going)
            while going:
                yield from self._settle(going)
        finally:
            self._endpoint.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            self._keep(going)

    def _settle(self, going: dict[Future[Asked], _OnItsWay]) -> Iterator[tuple[Question, Judgement]]:
        """Take in what has come; wait for one, if nothing has."""
        done, _ = wait(going, return_when=FIRST_COMPLETED)
        for future in done:
            judgement = self._take(future, going[future])
            question = going.pop(future).question
            yield question, self._counted(judgement)

    def _take(self, future: Future[Asked], asked: _OnItsWay) -> Judgement:
        self.counts.asked += 1
        try:
            answer = future.result()
        except QuestionFailed as failed:
            self.budget.settle(asked.reserved, asked.reserved * failed.lost)
            self.counts.problems.setdefault(failed.code, failed.problem)
            self._failures_in_a_row += 1
            if self._failures_in_a_row >= _FAILURES_IN_A_ROW:
                where = Where(self._endpoint.address)
                raise EngineInputError("judge_down", where, problem=failed.problem) from None
            return Judgement(refused=failed.code)
        self._failures_in_a_row = 0
        used = answer.reply.tokens
        self.counts.uncounted += used is None
        used = used or asked.reserved
        self.budget.settle(asked.reserved, used + asked.reserved * answer.lost)
        judgement = answer.reply.judgement(asked.question.transcript)
        self._cache.put(asked.key, judgement, used.input, used.output)
        return judgement

    def _keep(self, going: dict[Future[Asked], _OnItsWay]) -> None:
        """The run ends early: what is paid for all the same is kept for the next one."""
        for future, asked in going.items():
            if future.done() and not future.cancelled() and future.exception() is None:
                self._take(future, asked)

    def _counted(self, judgement: Judgement) -> Judgement:
        if judgement.refused is not None:
            self.counts.refused[judgement.refused] += 1
        return judgement
