"""Gestures in words: what a policy asks, which cap is reached, what to ask about grants."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from babel.numbers import get_currency_precision

from gracja.engine.gesture.caps import Broken
from gracja.engine.gesture.policy import Condition, Decision
from gracja.engine.gesture.questions import Question
from gracja.wording.amounts import amount_in_words
from gracja.wording.sentences import catalogue, say


def condition_in_words(
    condition: Condition, lang: str, *, currency: str = "PLN", titles: Mapping[str, str] | None = None
) -> str:
    """The condition in one sentence, as it has to be. titles: of cues and places, by their ids."""
    key, value = f"condition_{condition.field}", condition.value
    if isinstance(value, bool):
        return say(f"{key}_{'yes' if value else 'no'}", lang, area="gesture")
    key = f"{key}_{condition.comparison}"
    if isinstance(value, list):
        shown = ", ".join(_word(condition.field, one, lang, titles or {}) for one in value)
        return say(key, lang, area="gesture", value=shown)
    if condition.field.endswith("_minor"):
        return say(key, lang, area="gesture", value=money(value, currency, lang))
    return say(key, lang, area="gesture", value=value)


def decision_in_words(
    decision: Decision, lang: str, *, currency: str = "PLN", titles: Mapping[str, str] | None = None
) -> list[str]:
    """A sentence for each condition in the way, those that are not known last; empty where all are met."""

    def of(condition: Condition) -> str:
        return condition_in_words(condition, lang, currency=currency, titles=titles)

    unknown = [say("condition_not_known", lang, area="gesture", sentence=of(one)) for one in decision.unknown]
    return [*map(of, decision.failed), *unknown]


def cap_in_words(broken: Broken, lang: str, *, currency: str = "PLN") -> str:
    """Which cap is reached, and what is used of it."""
    cap = broken.cap
    in_money = cap.counts == "cost_minor"
    most, used = (money(one, currency, lang) if in_money else one for one in (cap.most, broken.used))
    return say(f"cap_{cap.of}_{cap.counts}", lang, area="gesture", most=most, used=used, days=cap.days)


def question_in_words(question: Question, lang: str) -> str:
    """The question that a pattern of grants raises."""
    facts = dict(question.facts)
    if "currency" in facts:
        for name in ("total", "limit"):
            facts[name] = money(facts.pop(f"{name}_minor"), facts["currency"], lang)
        del facts["currency"]
    return say(f"question_{question.code}", lang, area="gesture", **facts)


def money(minor: int, currency: str, lang: str) -> str:
    """An amount in minor units as people write it."""
    amount = Decimal(minor).scaleb(-get_currency_precision(currency))
    return amount_in_words(amount, currency, lang)


def _word(field: str, value: str, lang: str, titles: Mapping[str, str]) -> str:
    key = f"{field}_{value}"
    return say(key, lang, area="gesture") if key in catalogue("gesture") else titles.get(value, value)
