"""What comes back: believed only in the shape that was asked for, and only with quotes that stand there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from gracja.judge.question import Transcript

# cannot_tell: the model's own word. The others refuse an answer that cannot be believed.
Refusal = Literal[
    "cannot_tell",
    "cut_off",
    "model_refused",
    "not_json",
    "wrong_shape",
    "quote_missing",
    "quote_not_in_text",
    "quote_not_of_agent",
    "request_refused",
    "endpoint_failed",
]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Words of a masked turn: code points from start up to end."""

    turn: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Judgement:
    """Met or not with its evidence, or why it is neither. probability: that it is met, from logprobs."""

    met: bool | None = None
    evidence: tuple[Evidence, ...] = ()
    refused: Refusal | None = None
    probability: float | None = None


class _Quote(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    turn: int
    text: str


class _Answer(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)
    reason: str
    quotes: list[_Quote]
    met: Literal["yes", "no", "cannot_tell"]


def judgement_of(content: str, transcript: Transcript, probability: float | None = None) -> Judgement:
    """The judgement in this answer; refused where it has another shape or a quote does not stand there."""
    try:
        answer = _Answer.model_validate_json(content)
    except ValidationError as wrong:
        broken = any(error["type"] == "json_invalid" for error in wrong.errors())
        return Judgement(refused="not_json" if broken else "wrong_shape")
    if answer.met == "cannot_tell":
        return Judgement(refused="cannot_tell")
    evidence: list[Evidence] = []
    for quote in answer.quotes:
        found = _find(quote, transcript)
        if found is None:
            return Judgement(refused="quote_not_in_text")
        if found not in evidence:
            evidence.append(found)
    met = answer.met == "yes"
    if met and not evidence:
        return Judgement(refused="quote_missing")
    if met and not any(transcript.speakers.spoke[one.turn] for one in evidence):
        return Judgement(refused="quote_not_of_agent")
    ordered = sorted(evidence, key=lambda one: (one.turn, one.start, one.end))
    return Judgement(met, tuple(ordered), probability=probability)


def _find(quote: _Quote, transcript: Transcript) -> Evidence | None:
    """Where a quote stands in its turn, letter by letter; only white space may differ."""
    words = quote.text.split()
    if not 0 <= quote.turn < len(transcript.texts) or not any(map(str.isalnum, quote.text)):
        return None
    found = re.search(r"\s+".join(map(re.escape, words)), transcript.texts[quote.turn].text)
    return Evidence(quote.turn, *found.span()) if found else None
