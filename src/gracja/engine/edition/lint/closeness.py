"""GR105: compliments that are there to please or to sell. GR207: closeness asked for in every contact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gracja.engine.edition.lint.draft import Draft, Passage
from gracja.engine.edition.lint.finding import Remark, Span
from gracja.engine.edition.lint.lexicon import words
from gracja.engine.edition.lint.sentence import Word, masked_text

_FLATTERS = {
    "pl": words("komplement komplementować schlebiać pochlebiać pochlebstwo prawić"),
    "en": words("compliment flatter flattery"),
}
_PRAISES = {
    "pl": words("chwalić pochwalić zachwalać zachwycać komentować pochwała zachwyt podziw podziwiać"),
    "en": words("praise admire praises admiration"),
}
_OF_CUSTOMER = {
    "pl": words("gust wygląd wybór uroda strój figura fryzura klient klientka gość smak ubiór sylwetka"),
    "en": words("taste look looks choice beauty outfit figure style customer guest appearance dress"),
}
_SPOKEN = {
    "pl": re.compile(
        r"\b(?:świetn|doskonał|znakomit|wspaniał|fantastyczn|rewelacyjn|super)\w* wyb(?:ór|oru)"
        r"|\b(?:pięknie|świetnie|doskonale|wspaniale|młodo|cudownie|zjawiskowo) (?:Pani?|Państwo|dziś|dzisiaj|wygląda|w tym)"
        r"|\bwygląda (?:Pani? )?(?:pięknie|świetnie|doskonale|wspaniale|młodo|cudownie)"
        r"|\b(?:świetny|doskonały|wyśmienity|znakomity|dobry) gust",
        re.IGNORECASE,
    ),
    "en": re.compile(
        r"\b(?:great|excellent|fantastic|wonderful|perfect|superb|brilliant) (?:choice|taste)"
        r"|\byou(?:'re| are)? look(?:ing)? (?:great|lovely|amazing|wonderful|beautiful|stunning|fantastic|young)"
        r"|\b(?:good|great|excellent|exquisite) taste",
        re.IGNORECASE,
    ),
}
_CLOSE = {
    "pl": (
        r"\bpo imieniu\b(?! lub)", r"\b(?:żart\w*|dowcip\w*)\b", r"\b(?:pogawęd\w*|gawędz\w*|zagad(?:uje|nie)\w*)\b",
        r"\b(?:urodzin\w*|imienin\w*)\b", r"\b(?:poprzedni\w*|ostatni\w*|wcześniejsz\w*) (?:wizyt|rozmow|spotkani|zakup|kontakt)\w*",
        r"\b(?:pyta|rozmawia|zagaduje)\b.{0,12}\bo (?:\w+ )?(?:wakacj|weekend|rodzin|dzieci|samopoczuci|hobby|urlop|plan)\w*",
        r"\b(?:Co słychać|Jak minął|Jak mija|Jak udał)\b",
    ),
    "en": (
        r"\bby (?:their )?first name\b(?!.{0,4}\bor\b)", r"\bjokes?\b", r"\bsmall talk\b", r"\bchats (?:about|with|to)\b",
        r"\bbirthday", r"\b(?:previous|last|earlier) (?:visit|conversation|purchase|meeting|contact)",
        r"\b(?:asks?|talks?|chats?) about (?:(?:the|their|his|her) )?(?:customer's )?(?:holiday|weekend|family|children|hobb|plans|day)",
        r"\bhow (?:are you today|is your day|was your|have you been)\b",
    ),
}  # fmt: skip
_NEGATED = {
    "pl": re.compile(r"\b(?:nie|nigdy|bez|unika|zamiast|pomija|powstrzymuje|rezygnuje)\b", re.IGNORECASE),
    "en": re.compile(
        r"\b(?:not|never|without|avoids?|instead of|refrains?|leaves? out|no|doesn't|don't)\b", re.IGNORECASE
    ),
}


def manipulative_compliment(draft: Draft) -> Iterator[Remark]:
    """GR105. Flattery asked for, or praise of the customer's taste, looks or choice, spoken or told."""
    for passage in draft.behaviours:
        span = _flattering(passage) or _spoken(passage)
        if span and not _negated(passage, span):
            text = passage.sentence.text[span[0] : span[1]]
            instead = {
                "pl": "Mówi, czym różnią się produkty, które klient ogląda",
                "en": "Says how the products that the customer looks at differ",
            }
            yield Remark(passage.path, passage.language, text, (span,), rewording=instead[passage.language])


def closeness_for_everyone(draft: Draft) -> Iterator[Remark]:
    """GR207. Small talk, first names, memories of the last visit: marked `any`, they reach those who want none."""
    reported: set[int] = set()
    for passage in draft.behaviours:
        if passage.standard.service_mode != "any" or id(passage.standard) in reported:
            continue
        span = _close(passage)
        if span and not _negated(passage, span):
            reported.add(id(passage.standard))
            text = passage.sentence.text[span[0] : span[1]]
            yield Remark(passage.path, passage.language, text, (span,), rewording="service_mode: personal")


def _flattering(passage: Passage) -> Span | None:
    language = passage.language
    words = [word for word in passage.sentence.words if word.clause == "main"]
    for word in words:
        own = word.lemmas | {word.text, word.verb or ""}
        if own & _FLATTERS[language]:
            return word.start, word.end
        if own & _PRAISES[language] and (aim := _aim(words, word, language)):
            return min(word.start, aim.start), max(word.end, aim.end)
    return None


def _aim(words: list[Word], praise: Word, language: str) -> Word | None:
    return next(
        (
            word
            for word in words
            if word is not praise and (word.lemmas | {word.text}) & _OF_CUSTOMER[language]
        ),
        None,
    )


def _spoken(passage: Passage) -> Span | None:
    match = _SPOKEN[passage.language].search(passage.sentence.text)
    return match.span() if match else None


def _close(passage: Passage) -> Span | None:
    """Closeness in what the employee does, or in a greeting that is quoted."""
    text = passage.sentence.text
    masked = masked_text(text, passage.sentence.quotes)
    *told, spoken = _CLOSE[passage.language]
    found = [re.search(pattern, masked, re.IGNORECASE) for pattern in told]
    found.append(re.search(spoken, text, re.IGNORECASE))
    return next((match.span() for match in found if match), None)


def _negated(passage: Passage, span: Span) -> bool:
    return bool(_NEGATED[passage.language].search(passage.sentence.text[: span[0]]))
