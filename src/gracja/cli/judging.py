"""Asking a language model, from files to files: open rows, questions, answers, what people say of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from gracja.cli.files import RejectedRows
from gracja.cli.screen import Screen
from gracja.engine.conversations.outcome import Tally
from gracja.engine.detect.certainty.card import card_to_dict
from gracja.engine.detect.certainty.intervals import Share
from gracja.engine.edition.language_model import LanguageModel, Prices
from gracja.engine.errors import EngineInputError
from gracja.files.batches import batches
from gracja.files.opening import size_bytes
from gracja.judge.budget import Budget, Tokens
from gracja.judge.cache import Cache
from gracja.judge.check import Checked
from gracja.judge.endpoint import Endpoint
from gracja.judge.fill import Filled, Filling, Open
from gracja.judge.session import Counts, Session

_AT_ONCE: Final = 500  # conversations: so many are held at a time


@dataclass(frozen=True)
class Limits:
    """most_tokens, most_cost: the ceilings. price_in, price_out: for a million tokens, over the edition's."""

    most_tokens: int
    most_cost: float | None = None
    price_in: float | None = None
    price_out: float | None = None

    def budget(self, asked: LanguageModel) -> Budget:
        """Raises EngineInputError: judge_without_prices, for a ceiling in money where no price is known."""
        prices = asked.prices
        if self.price_in is not None and self.price_out is not None:
            currency = prices.currency if prices else ""
            prices = Prices(
                currency=currency or "¤", input_per_million=self.price_in, output_per_million=self.price_out
            )
        if self.most_cost is not None and prices is None:
            raise EngineInputError("judge_without_prices")
        return Budget(self.most_tokens, self.most_cost, prices)


@dataclass
class Judged:
    """What a run asked, answered and spent."""

    filled: Filled
    counts: Counts
    budget: Budget
    tally: Tally


def judge(
    conversations: Sequence[str],
    waiting: Open,
    *,
    cache: Path,
    budget: Budget,
    key: str | None,
    plain_http: bool,
    at_once: int,
    language: str | None,
    screen: Screen,
    rejected: RejectedRows,
    strict: bool,
) -> Judged:
    """Ask every open question. Raises EngineInputError: as `Filling.fill`, `Cache`, `Endpoint`, `batches`."""
    asked, tally = waiting.permission, Tally()
    told = set[str]()

    def tell(problem: str, seconds: float) -> None:
        if problem not in told:  # each once: a busy endpoint lets every question wait
            told.add(problem)
            screen.say("judge_waits", problem=problem, seconds=seconds)

    address = asked.texts_may_leave_to
    with (
        Endpoint(address, asked.model, key=key, plain_http=plain_http, on_wait=tell) as endpoint,
        Cache(cache) as kept,
        screen.counting("counts_judge", tally, rejected.path),
        screen.stage("judge", len(waiting.rows)) as stage,
    ):
        session = Session(endpoint, kept, budget, at_once=at_once)

        def answered() -> None:
            stage.advance(1)
            stage.show(_spent(budget))

        tables = batches(conversations, on_rejected=rejected, strict=strict, tally=tally, at_once=_AT_ONCE)
        filled = Filling(waiting, language=language).fill(tables, session, on_answer=answered)
    return Judged(filled, session.counts, budget, tally)


def would_leave(
    conversations: Sequence[str], waiting: Open, *, language: str | None, screen: Screen, budget: Budget
) -> Iterator[str]:
    """Each question as one line of JSON, exactly as it would leave; then what all may cost, on the screen."""
    tally, most, count = Tally(), Tokens(0, 0), 0
    with screen.stage("read", size_bytes(conversations)) as stage:
        tables = batches(
            conversations, on_rejected=lambda _: None, tally=tally, progress=stage.advance, at_once=_AT_ONCE
        )
        for question in Filling(waiting, language=language).questions(tables):
            row = waiting.rows[question.row]
            shown = {"contact": row["contact"], "standard": row["standard"], "messages": question.messages}
            most, count = most + Tokens.at_most(question.size_bytes), count + 1
            yield json.dumps(shown, ensure_ascii=False)
    asked = waiting.permission
    screen.say("judge_would_ask", count=count, address=asked.texts_may_leave_to, model=asked.model)
    _tell_cost("judge_at_most", most, budget, screen)


def tell_judged(judged: Judged, checked: Sequence[Checked] | None, screen: Screen) -> None:
    """What was asked and answered, what stays abstained and why, what it cost, how good it is."""
    counts, filled = judged.counts, judged.filled
    screen.say("judge_asked", count=counts.questions, asked=counts.asked, cached=counts.from_cache)
    screen.say("judge_marked", count=filled.marked)
    for reason, count in filled.left.most_common():
        screen.say(f"judge_left_{reason}", count=count)
    for problem in counts.problems.values():
        screen.say("judge_problem", problem=problem)
    _tell_cost("judge_spent", judged.budget.spent, judged.budget, screen)
    if counts.uncounted:
        screen.say("judge_uncounted", count=counts.uncounted)
    if checked is None:
        screen.say("judge_unchecked")
    for one in checked or ():
        _tell_checked(one, screen)


def judged_as_data(judged: Judged, checked: Sequence[Checked] | None) -> dict[str, Any]:
    spent = judged.budget.spent
    return {
        "questions": judged.counts.questions,
        "asked": judged.counts.asked,
        "from_cache": judged.counts.from_cache,
        "marked": judged.filled.marked,
        "abstained_by_reason": dict(judged.filled.left),
        "input_tokens": spent.input,
        "output_tokens": spent.output,
        "cost": judged.budget.cost(spent),
        "cards": None
        if checked is None
        else [
            {
                "standard": one.standard,
                "labelled": one.labelled,
                "answered": one.answered,
                "guarantee_holds": one.holds,
                "problem": one.problem,
                "card": None if one.card is None else card_to_dict(one.card),
            }
            for one in checked
        ],
    }


def _tell_checked(one: Checked, screen: Screen) -> None:
    facts = {"standard": one.standard, "answered": one.answered, "labelled": one.labelled}
    if one.card is None:
        screen.say(f"judge_card_{one.problem}", **facts)
        return
    bare = one.card.bare
    screen.say(
        "judge_card", **facts, sensitivity=_percent(bare.sensitivity), specificity=_percent(bare.specificity)
    )
    screen.say("judge_card_holds" if one.holds else "judge_card_fails", standard=one.standard)


def _percent(share: Share) -> str:
    """67% (40%–86%); a dash, where nothing was counted."""
    return f"{share.value:.0%} ({share.low:.0%}–{share.high:.0%})" if share.of else "–"


def _tell_cost(key: str, tokens: Tokens, budget: Budget, screen: Screen) -> None:
    screen.say(key, input=tokens.input, output=tokens.output)
    cost = budget.cost(tokens)
    if cost is not None and budget.prices is not None:
        screen.say("judge_cost", cost=f"{cost:.4f}", currency=budget.prices.currency)


def _spent(budget: Budget) -> str:
    return f"{budget.spent.total:,}".replace(",", "\u202f")
