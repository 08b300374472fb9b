"""GR104: an amount or a time that everyone measures differently (quickly, kilka, od czasu do czasu)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gracja.engine.edition.lint import quantity
from gracja.engine.edition.lint.cut import tidied
from gracja.engine.edition.lint.draft import Draft, Passage
from gracja.engine.edition.lint.finding import Remark, Span
from gracja.engine.edition.lint.polish import accusative_plural
from gracja.engine.edition.lint.sentence import Sentence, masked_text
from gracja.engine.edition.model import CountMeasure, SecondsMeasure


def no_threshold(draft: Draft) -> Iterator[Remark]:
    """GR104. Left alone where a number stands in the text, or the measure counts or times."""
    for passage in draft.behaviours:
        if not isinstance(passage.standard.measure, CountMeasure | SecondsMeasure):
            yield from _unmeasured(passage, "error")
    for passage in draft.situations:
        yield from _unmeasured(passage, "warning")


def _unmeasured(passage: Passage, severity: str) -> Iterator[Remark]:
    sentence, language = passage.sentence, passage.language
    found = _phrase(sentence, language) or _word(sentence, language, only_situation=severity == "warning")
    if found is None or _has_number(sentence, language, beside=found[1]):
        return
    kind, span = found
    yield Remark(
        passage.path,
        language,
        sentence.text[span[0] : span[1]],
        (span,),
        reason=None if severity == "error" else "situation",
        rewording=_measured(passage, kind, span),
        severity="error" if severity == "error" else "warning",
    )


def _has_number(sentence: Sentence, language: str, *, beside: Span) -> bool:
    """A number that could be the measure; `every` in *every so often* is part of the word itself."""
    return any(
        word.text[:1].isdigit() or (word.lemmas | {word.text}) & quantity.NUMBER_WORDS[language]
        for word in sentence.words
        if not beside[0] <= word.start < beside[1]
    )


def _phrase(sentence: Sentence, language: str) -> tuple[str, Span] | None:
    masked = masked_text(sentence.text, sentence.quotes)
    for kind, phrases in (("often", quantity.NOW_AND_THEN), ("fast", quantity.AT_ONCE)):
        match = phrases[language].search(masked)
        if match:
            return kind, match.span()
    return None


def _word(sentence: Sentence, language: str, *, only_situation: bool) -> tuple[str, Span] | None:
    kinds = [("long", quantity.LONG), ("several", quantity.SEVERAL)]
    if not only_situation:  # what customers do often or regularly is theirs
        kinds = [("fast", quantity.FAST), *kinds, ("often", quantity.OFTEN)]
    for i, word in enumerate(sentence.words):
        before = sentence.words[i - 1].text if i else ""
        after = sentence.words[i + 1].text if i + 1 < len(sentence.words) else ""
        asked = before in quantity.ASKS[language] or (language == "en" and after == "as")
        if asked or word.clause == "content" or (word.clause != "main" and not only_situation):
            continue
        own = word.lemmas | {word.text} if word.text != "regulars" else frozenset()
        for kind, words in kinds:
            if own & words[language] and not (kind == "long" and not _lasts(word.text, before, after)):
                return kind, (word.start, word.end)
    return None


def _lasts(text: str, before: str, after: str) -> bool:
    """`long` of a time; `a long coat` and `no longer` are none."""
    if text in ("długo", "dłużej"):
        return after != "niż"
    return text == "long" and (
        after in ("", "time", "wait", "queue", "silence", "pause", "for") or before == "too"
    )


def _measured(passage: Passage, kind: str, span: Span) -> str | None:
    """The sentence with a measure in the place of the word."""
    sentence, language = passage.sentence, passage.language
    text = sentence.text
    if kind == "several":
        return _at_least_two(sentence, language, span)
    slow = kind == "fast" and set(passage.standard.channels) & {"email", "letter"}
    measure = quantity.INSTEAD[language].get("slow" if slow else kind)
    if measure is None:
        return None
    before, after = text[: span[0]], text[span[1] :]
    follows_verb = any(word.verb and word.end <= span[0] for word in sentence.words)
    first_clause = language == "pl" or not after.strip(" .")
    if follows_verb and first_clause:
        return tidied(before + measure + after, language)
    shorter = text[: span[0]] + text[span[1] :]
    at = next(
        (word.start for word in sentence.words if word.clause != "main" and word.start > span[1]), len(text)
    )
    at = min(
        [
            at - (span[1] - span[0]),
            *(start - (span[1] - span[0]) for start, _ in sentence.quotes if start > span[1]),
        ]
    )
    head, tail = shorter[:at].rstrip(" ,.:"), shorter[at:]
    comma = "," if "," in shorter[max(0, at - 2) : at] else ""
    return tidied(f"{head} {measure}{comma} {tail}", language) if sentence.verbs else None


def _at_least_two(sentence: Sentence, language: str, span: Span) -> str | None:
    text, after = sentence.text, sentence.text[span[1] :]
    if language == "en":
        before = re.sub(r"\b(?:a|an) $", "", text[: span[0]])
        after = re.sub(r"^ of\b", "", after)
        return tidied(f"{before}at least 2{after}", language)
    following = next((word for word in sentence.words if word.start >= span[1]), None)
    if text[span[0] : span[1]].lower() not in ("kilka", "parę", "wiele", "dużo") or following is None:
        return None
    plural = accusative_plural(following.text)
    if plural is None:
        return None
    return f"{text[: span[0]]}co najmniej 2 {plural}{text[following.end :]}"
