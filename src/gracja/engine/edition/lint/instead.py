"""What could be written in the place of a judgement: a behaviour that can be seen or heard."""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from gracja.engine.edition.lint.lexicon import either, words

# The first family that shares a lemma with the finding; the last one serves all.
_INSTEAD: Final = {
    "pl": (
        (
            words("uprzejmy uprzejmie uprzejmość grzeczny grzecznie kulturalny kulturalnie kultura"),
            "Mówi: „Dzień dobry, w czym mogę pomóc?”",
        ),
        (
            words(
                "miły miło mile sympatyczny sympatycznie przyjazny przyjaźnie życzliwy życzliwie"
                " pogodny radosny serdeczny serdecznie serdeczność życzliwość ciepły ciepło gościnny"
                " entuzjazm entuzjastyczny"
            ),
            "Uśmiecha się, gdy klient podchodzi",
        ),
        (
            words(
                "profesjonalny profesjonalnie profesjonalizm fachowy fachowo kompetentny kompetentnie"
                " kompetencja rzetelny"
            ),
            "Podaje cenę z czasem wykonania, zanim zacznie pracę",
        ),
        (
            words(
                "empatyczny empatycznie empatia wyrozumiały troska troskliwy troskliwie troszczyć"
                " rozumieć dbać zadbać"
            ),
            "Powtarza sprawę klienta jednym zdaniem, zanim zaproponuje rozwiązanie",
        ),
        (
            words(
                "cierpliwy cierpliwie cierpliwość spokojnie uważny uważnie szacunek szanować taktowny"
                " takt traktować"
            ),
            "Odzywa się dopiero wtedy, gdy klient skończy zdanie",
        ),
        (
            words("sprawny sprawnie efektywny efektywnie skutecznie"),
            "Podaje rachunek w ciągu 2 minut od prośby klienta",
        ),
        (
            words("starać postarać pomocny uczynny zaangażowany zaangażowanie angażować zainteresowanie"),
            "Pyta: „W czym mogę pomóc?”",
        ),
        (
            words("schludny schludnie elegancki elegancko estetycznie wygląd"),
            "Nosi identyfikator na wysokości piersi",
        ),
        (
            words("jasno zrozumiale przystępnie wyczerpująco"),
            "Objaśnia każdy termin fachowy w następnym zdaniu",
        ),
        (
            words("dyskretnie dyskretny"),
            "Pozostaje w zasięgu wzroku klienta",
        ),
    ),
    "en": (
        (
            words("polite politely politeness courteous courteously courtesy"),
            "Says: “Good morning, how can I help?”",
        ),
        (
            words(
                "friendly nice nicely kind kindly kindness warm warmly warmth pleasant cheerful"
                " welcoming cordial friendliness enthusiastic enthusiasm positive"
            ),
            "Smiles when the customer approaches",
        ),
        (
            words("professional professionally professionalism competent competently"),
            "Names the price and the time before starting work",
        ),
        (
            words(
                "empathy empathetic caring considerate care understand compassion sympathetic compassionate"
            ),
            "Repeats the customer's matter in one sentence before offering a solution",
        ),
        (
            words(
                "patient patiently calm calmly attentive attentively respect respectful respectfully"
                " tactful tact treat behave dignity"
            ),
            "Speaks only after the customer has finished the sentence",
        ),
        (
            words("efficient efficiently effectively"),
            "Brings the bill within 2 minutes of the customer's request",
        ),
        (
            words("helpful helpfully try engage interest approachable"),
            "Asks: “How can I help?”",
        ),
        (
            words("smartly neatly neat appearance"),
            "Wears the name badge at chest height",
        ),
        (
            words("clearly thoroughly comprehensively"),
            "Explains each technical term in the next sentence",
        ),
        (
            words("discreet discreetly"),
            "Stays within the customer's sight",
        ),
    ),
}
_OTHERWISE: Final = {"pl": "Patrzy na klienta, gdy ten mówi", "en": "Looks at the customer while they speak"}
# These can be seen only where the customer is; elsewhere the one below can be heard and read.
_NEEDS_EYES: Final = either("uśmiecha|patrzy|nosi|pozostaje|smiles|looks|wears|stays")
_ANYWHERE: Final = {
    "pl": "Powtarza sprawę klienta jednym zdaniem, zanim zaproponuje rozwiązanie",
    "en": "Repeats the customer's matter in one sentence before offering a solution",
}


def instead_of(lemmas: set[str], language: str, channels: Collection[str]) -> str:
    """A behaviour that can be seen, or at least heard or read in all these channels."""
    families = _INSTEAD[language]
    proposed = next((text for own, text in families if lemmas & own), _OTHERWISE[language])
    if _NEEDS_EYES.search(proposed) and set(channels) != {"in_person"}:
        return _ANYWHERE[language]
    return proposed
