"""The body of an OpenAI-compatible chat completion: the answer's text, how it ended, tokens, logprobs.

Protocol: POST /chat/completions of the OpenAI API reference (choices[0].message.content and refusal,
finish_reason, usage.prompt_tokens and completion_tokens, choices[0].logprobs.content[].top_logprobs).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from gracja.judge.answer import Judgement, judgement_of
from gracja.judge.budget import Tokens
from gracja.judge.question import Transcript


class _Shape(BaseModel):
    model_config = ConfigDict(extra="ignore")


class _Alternative(_Shape):
    token: str
    logprob: float


class _Token(_Alternative):
    top_logprobs: list[_Alternative] = []


class _Logprobs(_Shape):
    content: list[_Token] | None = None


class _Message(_Shape):
    content: str | None = None
    refusal: str | None = None


class _Choice(_Shape):
    message: _Message
    finish_reason: str | None = None
    logprobs: _Logprobs | None = None


class _Usage(_Shape):
    prompt_tokens: int
    completion_tokens: int = 0


class _Completion(_Shape):
    choices: list[_Choice]
    usage: _Usage | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """One completion. tokens: None where the endpoint does not count them."""

    content: str
    finish_reason: str | None
    is_refusal: bool
    tokens: Tokens | None
    probability: float | None

    @classmethod
    def of(cls, body: Any) -> Reply | None:
        """None where the body is no chat completion."""
        try:
            completion = _Completion.model_validate(body)
        except ValidationError:
            return None
        if not completion.choices:
            return None
        choice, usage = completion.choices[0], completion.usage
        content = choice.message.content or ""
        return cls(
            content,
            choice.finish_reason,
            bool(choice.message.refusal) or choice.finish_reason == "content_filter",
            Tokens(usage.prompt_tokens, usage.completion_tokens) if usage else None,
            _probability(content, choice.logprobs),
        )

    def judgement(self, transcript: Transcript) -> Judgement:
        """What this reply says of the transcript's employee."""
        if self.is_refusal:
            return Judgement(refused="model_refused")
        if self.finish_reason == "length":
            return Judgement(refused="cut_off")
        return judgement_of(self.content, transcript, self.probability)


def _probability(content: str, logprobs: _Logprobs | None) -> float | None:
    """P(yes) among yes and no, at the token where the value of "met" begins; None without logprobs."""
    key = list(re.finditer(r'"met"\s*:\s*"', content))
    tokens = (logprobs.content if logprobs else None) or []
    if not key or "".join(token.token for token in tokens) != content:
        return None
    begins, behind = key[-1].end(), 0
    for token in tokens:
        before, behind = behind, behind + len(token.token)
        if behind > begins:
            return _share_of_yes(token, lead=begins - before)
    return None


def _share_of_yes(token: _Token, *, lead: int) -> float | None:
    """lead: how many characters of the token stand before the value (`":"yes` may be one token)."""
    weight = {"yes": 0.0, "no": 0.0}
    for one in token.top_logprobs or [token]:
        said = one.token[max(lead, 0) :].strip(' "}\n').lower()
        for word in weight:
            if said and word.startswith(said):
                weight[word] += math.exp(min(one.logprob, 0.0))
    total = sum(weight.values())
    return weight["yes"] / total if total > 0 else None
