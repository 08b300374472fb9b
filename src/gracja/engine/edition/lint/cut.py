"""Take words out of a sentence so that a right sentence is left; None where that cannot be done surely."""

from __future__ import annotations

import re

from gracja.engine.edition.lint import vague
from gracja.engine.edition.lint.lexicon import words
from gracja.engine.edition.lint.polish import has_tag
from gracja.engine.edition.lint.sentence import Sentence, Word

_JOINS = {"pl": ("i", "oraz", "a", "także"), "en": ("and",)}
_CARRIERS = {
    "pl": words("sposób ton głos słowo postawa maniera styl nastawienie atmosfera podejście"),
    "en": words("way manner tone voice attitude words style fashion demeanour atmosphere approach"),
}
_BEFORE_NOUN = {"pl": ("z", "ze", "w", "we", "bez"), "en": ("with", "in", "without")}
_ARTICLES = ("a", "an", "the")


def without(sentence: Sentence, places: list[int], language: str) -> str | None:
    """The same sentence without these judging words, and without what only carried them."""
    out: set[int] = set()
    for i in places:
        taken = _taken_with(sentence.words, i, language)
        if taken is None:
            return None
        out |= taken
    out |= _loose_joins(sentence.words, out, language)
    left = [word for i, word in enumerate(sentence.words) if i not in out]
    if not any(word.verb and word.clause == "main" for word in left):
        return None
    return tidied(_text_without(sentence, out), language)


def _taken_with(words: tuple[Word, ...], i: int, language: str) -> set[int] | None:
    """The places that go with this word: `in a friendly tone`, `z szacunkiem`, `bardzo uprzejmie`."""
    taken = {i}
    while min(taken) > 0 and words[min(taken) - 1].text in vague.INTENSIFIERS[language] - {
        "zawsze",
        "always",
    }:
        taken.add(min(taken) - 1)
    if i > 1 and (words[i - 2].text, words[i - 1].text) == ("w", "sposób"):
        return {i - 2, i - 1, i}
    carrier = _carrier(words, i, language)
    if carrier is not None:
        return _phrase(words, min(taken), carrier, language)
    if language == "pl" and has_tag(words[i].text, "adv"):
        return taken
    if language == "en" and words[i].text.endswith("ly") and words[i].text not in ("friendly", "lovely"):
        return taken
    adjective = _adjective_before_noun(words, i, language)
    if adjective:
        return taken
    return _phrase(words, min(taken), i, language)


def _carrier(words: tuple[Word, ...], i: int, language: str) -> int | None:
    """The place of tone, manner, way that this adjective belongs to."""
    for j in range(i + 1, min(i + 5, len(words))):
        if (words[j].lemmas | {words[j].text}) & _CARRIERS[language]:
            return j
        if words[j].verb or words[j].clause != words[i].clause:
            return None
    return None


def _phrase(words: tuple[Word, ...], first: int, last: int, language: str) -> set[int] | None:
    """From its preposition to its noun; a Polish instrumental (miłym głosem) needs no preposition."""
    start = first
    while start > 0 and (
        words[start - 1].text in _ARTICLES or words[start - 1].text in vague.INTENSIFIERS[language]
    ):
        start -= 1
    if start > 0 and words[start - 1].text in _BEFORE_NOUN[language]:
        return set(range(start - 1, last + 1))
    if language == "pl" and first != last and has_tag(words[last].text, "subst:sg:inst", "subst:pl:inst"):
        return set(range(start, last + 1))
    return None


def _adjective_before_noun(words: tuple[Word, ...], i: int, language: str) -> bool:
    if i + 1 >= len(words) or words[i + 1].clause != words[i].clause:
        return False
    if language == "pl":
        return has_tag(words[i].text, "adj") and has_tag(words[i + 1].text, "subst", "ger")
    previous = words[i - 1].text if i else ""
    if previous in _ARTICLES:
        return True
    ends = words[i + 1].text in ("and", "to", "with", "when", "in", "at", "by")
    return not ends and previous not in ("with", "is", "be", "are")


def _loose_joins(words: tuple[Word, ...], out: set[int], language: str) -> set[int]:
    """`and` between two words of which at least one is gone, unless it joins verbs that both stay."""
    loose = set()
    for i, word in enumerate(words):
        if word.text not in _JOINS[language] or not (i - 1 in out or i + 1 in out):
            continue
        before = any(other.verb and j not in out for j, other in enumerate(words[:i]))
        following = next((other for j, other in enumerate(words) if j > i and j not in out), None)
        if not (before and following and following.verb):
            loose.add(i)
    return loose


def _text_without(sentence: Sentence, out: set[int]) -> str:
    kept, at = [], 0
    for i in sorted(out):
        kept.append(sentence.text[at : sentence.words[i].start])
        at = sentence.words[i].end
    return "".join([*kept, sentence.text[at:]])


def tidied(text: str, language: str) -> str:
    """Spaces, commas, articles and the capital put right."""
    text = re.sub(r"\s+", " ", text).strip()
    text = re.sub(r"\s+([,.;:])", r"\1", text)
    text = re.sub(r"([,;])(?:\s*[,;])+", r"\1", text)
    text = re.sub(r"^[\s,;.–—-]+|[\s,;–—-]+$", "", text)
    text = re.sub(r",\.", ".", text)
    if language == "en":
        text = re.sub(r"\b(a|A) (?=[aeioAEIO])", r"\1n ", text)
        text = re.sub(r"\b(a|A)n (?![aeiohuAEIOHU])", r"\1 ", text)
    return text[:1].upper() + text[1:]
