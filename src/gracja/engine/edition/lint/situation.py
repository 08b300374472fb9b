"""GR103: a standard without a situation. GR106: one that names nothing (always, w razie potrzeby)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gracja.engine.edition.lint import quantity
from gracja.engine.edition.lint.draft import Draft, Passage
from gracja.engine.edition.lint.finding import Remark
from gracja.engine.words.tokens import words_of

_NAMED = {
    "pl": re.compile(
        r"\b(?:gdy|kiedy|jeśli|jeżeli|zanim|przed|po|podczas|przy|w trakcie|w chwili|aż|dopiero)\b",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:when|while|if|before|after|until|once|during|upon|as soon as|whenever|at the start)\b",
        re.IGNORECASE,
    ),
}
_FORBIDS = {
    "pl": re.compile(r"^(?:nie|nigdy|unika|obywa się bez|pomija)\b", re.IGNORECASE),
    "en": re.compile(
        r"^(?:never|does not|doesn't|do not|don't|avoids|refrains|goes without|leaves out)\b", re.IGNORECASE
    ),
}
_SUGGESTED = {
    "pl": (
        ("witać powitać uśmiechać przywitać powitanie dzień witam", "gdy klient podchodzi"),
        ("żegnać pożegnać dziękować podziękować widzenia", "gdy klient wychodzi"),
        ("przepraszać przeprosić", "gdy klient zgłasza niezadowolenie"),
        ("cena kwota koszt", "zanim zacznie się usługa"),
        ("odbierać telefon", "gdy dzwoni klient"),
        ("odpisywać", "gdy klient napisze wiadomość"),
        ("proponować polecać doradzać", "gdy klient prosi o radę"),
        ("rachunek paragon", "gdy klient płaci"),
    ),
    "en": (
        ("greet smile welcome morning hello", "when the customer approaches"),
        ("thank goodbye", "when the customer leaves"),
        ("apologise apologize", "when the customer says they are dissatisfied"),
        ("price cost charge", "before the service starts"),
        ("phone telephone", "when a customer calls"),
        ("reply", "when the customer writes"),
        ("suggest recommend propose offer", "when the customer asks for advice"),
        ("bill receipt", "when the customer pays"),
    ),
}


def no_situation(draft: Draft) -> Iterator[Remark]:
    """GR103. Neither `when` nor the behaviour says in which situation; what is forbidden is so always."""
    reported: set[int] = set()
    for passage in draft.behaviours:
        text, language = passage.sentence.text, passage.language
        if passage.standard.when is not None or id(passage.standard) in reported:
            continue
        if _NAMED[language].search(text) or _FORBIDS[language].search(text.strip()):
            continue
        reported.add(id(passage.standard))
        yield Remark(passage.path, language, text, rewording=_when(passage))


def empty_situation(draft: Draft) -> Iterator[Remark]:
    """GR106. `when` is there, and still nobody knows when."""
    for passage in draft.situations:
        nothing = quantity.NO_SITUATION[passage.language]
        words = passage.sentence.words
        if not passage.sentence.quotes and all((word.lemmas | {word.text}) & nothing for word in words):
            text = passage.sentence.text
            behaviour = next(
                (
                    p
                    for p in draft.behaviours
                    if p.standard is passage.standard and p.language == passage.language
                ),
                None,
            )
            yield Remark(
                passage.path,
                passage.language,
                text,
                ((0, len(text)),),
                rewording=_when(behaviour) if behaviour else None,
            )


def _when(passage: Passage) -> str | None:
    """A situation that usually goes with such a behaviour."""
    lemmas = {lemma for word in passage.sentence.words for lemma in (*word.lemmas, word.verb)}
    lemmas |= {word for said in passage.sentence.quoted() for word in words_of(said)}
    for words, situation in _SUGGESTED[passage.language]:
        if lemmas & set(words.split()):
            return f"when: {{{passage.language}: {situation}}}"
    return None
