"""GR105: compliments that are there to please or to sell. GR207: closeness asked for in every contact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from gracja.engine.edition.lint.draft import Draft, Passage
from gracja.engine.edition.lint.finding import Remark, Span
from gracja.engine.edition.lint.lexicon import either, words
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
    "pl": either(
        r"(?:świetn|doskonał|znakomit|wspaniał|fantastyczn|rewelacyjn|super)\w* wyb(?:ór|oru)",
        r"(?:pięknie|świetnie|doskonale|wspaniale|młodo|cudownie) (?:Pani?|Państwo|dziś|wygląda|w tym)",
        r"wygląda (?:Pani? )?(?:pięknie|świetnie|doskonale|wspaniale|młodo|cudownie)",
        r"(?:świetny|doskonały|wyśmienity|znakomity|dobry) gust",
    ),
    "en": either(
        r"(?:great|excellent|fantastic|wonderful|perfect|superb|brilliant) (?:choice|taste)",
        r"(?:you|she|he|they)(?:'re| are)? look(?:s|ing)? "
        r"(?:great|lovely|amazing|wonderful|stunning|fantastic|young)",
        r"(?:good|exquisite) taste",
    ),
}
# What the employee does.
_CLOSE = {
    "pl": either(
        r"po imieniu(?! lub)",
        r"żart\w*|dowcip\w*",
        r"pogawęd\w*|gawędz\w*|zagaduje|zagadnie",
        r"urodzin\w*|imienin\w*",
        r"(?:poprzedni|ostatni|wcześniejsz)\w* (?:wizyt|rozmow|rozmów|spotkani|zakup|kontakt)\w*",
        r"(?:pyta|rozmawia) (?:\w+ )?o (?:\w+ )?(?:wakacj|weekend|rodzin|dzieci|samopoczuci|hobby|urlop)\w*",
    ),
    "en": either(
        r"by (?:their |the )?first name(?!.{0,4}\bor\b)",
        r"jokes?|small talk|birthdays?",
        r"chats (?:about|with|to)",
        r"(?:previous|last|earlier) (?:visit|conversation|purchase|meeting|contact)",
        r"(?:asks?|talks?) (?:\w+ ){0,2}about (?:(?:the|their|his|her) )?(?:customer's )?"
        r"(?:holidays?|weekend|family|children|hobb\w+|plans|day)",
    ),
}
# What is quoted of their greeting.
_CLOSE_SPOKEN = {
    "pl": either(r"co słychać|jak minął|jak mija|jak (?:się )?udał\w*"),
    "en": either(r"how are you today|how is your day|how was your|how have you been"),
}
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
    """GR207. Small talk, first names, memories of the last visit, marked `any`: they reach everyone."""
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
    match = _CLOSE[passage.language].search(masked) or _CLOSE_SPOKEN[passage.language].search(text)
    return match.span() if match else None


def _negated(passage: Passage, span: Span) -> bool:
    return bool(_NEGATED[passage.language].search(passage.sentence.text[: span[0]]))
