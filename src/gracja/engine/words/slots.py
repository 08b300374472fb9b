"""What a slot of a phrase takes: a number, a date or day, a name. Polish and English alike."""

from __future__ import annotations

import re
from typing import Final

from gracja.engine.words.forms import is_common_word, is_given_name

_MONTHS_EN = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    "sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?"
)
_MONTHS_PL = (
    "stycz(?:eń|en|nia|niu)|lut(?:y|ego|ym)|mar(?:zec|ca|cu)|kwie(?:cień|cien|tnia|tniu)|maj[au]?|"
    "czerw(?:iec|ca|cu)|lip(?:iec|ca|cu)|sierp(?:ień|ien|nia|niu)|wrze(?:sień|sien|śnia|snia|śniu|sniu)|"
    "paździer(?:nik|nika|niku)|pazdzier(?:nik|nika|niku)|listopad(?:a|zie)?|grud(?:zień|zien|nia|niu)"
)
_DAYS_EN = "(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DAYS_PL = (
    "poniedział(?:ek|ku|kiem)|poniedzial(?:ek|ku|kiem)|wtor(?:ek|ku|kiem)|środ[aęyą]|środzie|srod[aey]|"
    "czwart(?:ek|ku|kiem)|piąt(?:ek|ku|kiem)|piat(?:ek|ku|kiem)|sobot[aęyą]|sobote|sobocie|niedziel[aęią]|niedziele"
)
_NEAR_WORDS = "today|tonight|tomorrow|dziś|dzis|dzisiaj|jutro|pojutrze|jutra"
_NEAR = (
    f"{_NEAR_WORDS}|"
    "next (?:week|month)|this (?:week|afternoon|evening|morning)|"
    "w (?:przyszłym|przyszlym|tym) (?:tygodniu|miesiącu|miesiacu)"
)
_WORDS_EN = (
    "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|"
    "seventeen|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand"
)
_WORDS_PL = (
    "zero|jeden|jedna|jedno|jednego|dwa|dwie|dwóch|dwoch|trzy|trzech|cztery|czterech|pięć|piec|pięciu|pieciu|"
    "sześć|szesc|siedem|osiem|dziewięć|dziewiec|dziesięć|dziesiec|jedenaście|dwanaście|piętnaście|pietnascie|"
    "dwadzieścia|dwadziescia|trzydzieści|trzydziesci|czterdzieści|czterdziesci|pięćdziesiąt|piecdziesiat|"
    "sześćdziesiąt|szescdziesiat|siedemdziesiąt|siedemdziesiat|osiemdziesiąt|osiemdziesiat|dziewięćdziesiąt|"
    "dziewiecdziesiat|sto|stu|dwieście|dwiescie|dwustu|trzysta|trzystu|czterysta|czterystu|"
    "(?:pięć|piec|sześć|szesc|siedem|osiem|dziewięć|dziewiec)set|"
    "(?:pięciu|pieciu|sześciu|szesciu|siedmiu|ośmiu|osmiu|dziewięciu|dziewieciu)set|tysiąc|tysiac|tysiąca|tysiace|tysiące|tysięcy|"
    "(?:dwudziest|trzydziest|czterdziest)u|(?:pięćdziesięci|sześćdziesięci|siedemdziesięci|osiemdziesięci|dziewięćdziesięci)u|"
    "dziesięciu|dziesieciu|sześciu|szesciu|siedmiu|ośmiu|osmiu|dziewięciu|dziewieciu|czterech|pół|pol"
)
_UNITS = "minut(?:ę|y|e)?|minutes?|godzin(?:ę|y|e)?|hours?|dni|dzień|days?|weeks?|tygodni(?:e|a)?"
# 12.50 is a price, 12.10 zł too: the second number is a month, and no currency follows
_DAY_AND_MONTH = (
    r"(?:0?[1-9]|[12]\d|3[01])[./-](?:0?[1-9]|1[0-2])(?:[./-](?:\d{4}|\d{2}))?"
    r"(?![\d.,]*\d)(?!\s*(?:zł|zl|pln|eur|euro|usd|gbp|€|£|\$|%))"
)
_END: Final = r"(?![^\W_])"

# not in the middle of a number: 240 of "1 240,00" is none
NUMBER: Final = re.compile(
    rf"(?<!\d)(?<!\d[ .,:])\d+(?:[ .,:]\d+)*|(?:{_WORDS_EN}|{_WORDS_PL}){_END}", re.IGNORECASE
)
DATE: Final = re.compile(
    rf"(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|{_DAY_AND_MONTH}|"
    rf"\d{{1,2}}(?:st|nd|rd|th)?\.? (?:of )?(?:{_MONTHS_EN}|{_MONTHS_PL})(?: \d{{4}})?|"
    rf"(?:{_MONTHS_EN}) \d{{1,2}}(?:st|nd|rd|th)?(?:,? \d{{4}})?|"
    rf"{_DAYS_EN}|{_DAYS_PL}|{_NEAR}|"
    rf"(?:in|within|za|w ciągu|w ciagu) (?:\d+|an?|{_WORDS_EN}|{_WORDS_PL}) (?:{_UNITS})){_END}",
    re.IGNORECASE,
)
# the first words of what DATE takes besides figures
_DATE_BEGINS: Final = re.compile(
    rf"(?:{_MONTHS_EN}|{_DAYS_EN}|{_DAYS_PL}|next|this|in|within|za|w|{_NEAR_WORDS}){_END}",
    re.IGNORECASE,
)
_CAPITALISED: Final = re.compile(r"[^\W\d_][\w'\u2019-]*(?: [^\W\d_][\w'\u2019-]*){0,2}")
_SENTENCE_END: Final = re.compile(r"(?:^|[.!?…:\n])[\s\W]*\Z")


def may_begin(kind: str, word: str, language: str) -> bool:
    """Whether some text may have a slot that begins with this word, which has neither figure nor capital.

    Words with a combining mark, a hyphen or a figure behind them are not asked: only the text can tell.
    """
    if kind == "name":
        return language == "pl" and is_given_name(word.capitalize())
    return (NUMBER if kind == "number" else _DATE_BEGINS).match(word) is not None


def ends_of_slot(kind: str, text: str, start: int, language: str) -> list[int]:
    """Where a slot that starts here may end (code points of the text), longest first; none: no slot here."""
    if kind == "name":
        return _ends_of_name(text, start, language)
    pattern = NUMBER if kind == "number" else DATE
    found = pattern.match(text, start)
    return [found.end()] if found else []


def _ends_of_name(text: str, start: int, language: str) -> list[int]:
    """One to three words with a capital, or a Polish given name however it is typed.

    A sentence begins with a capital too, so there only a word that is no common word is a name.
    """
    found = _CAPITALISED.match(text, start)
    if not found:
        return []
    begins = _SENTENCE_END.search(text, 0, start) is not None
    ends: list[int] = []
    at = start
    for word in found.group().split(" "):
        capital = word[:1].isupper() and not (begins and at == start and is_common_word(word, language))
        given = language == "pl" and is_given_name(word.capitalize())
        if not (capital or given):
            break
        ends.append(at + len(word))
        at += len(word) + 1
    return ends[::-1]
