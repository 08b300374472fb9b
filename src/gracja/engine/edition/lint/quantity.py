"""Words of amount and time without a measure. Lemmas and phrases, by language."""

from __future__ import annotations

from typing import Final

from gracja.engine.edition.lint.lexicon import either, words

FAST: Final = {
    "pl": words(
        "szybko prędko niezwłocznie bezzwłocznie natychmiast wkrótce niebawem niedługo szybki terminowo"
    ),
    "en": words(
        "quickly promptly soon fast swiftly immediately quick prompt speedily timely shortly rapidly"
    ),
}
OFTEN: Final = {
    "pl": words(
        "często regularnie regularny systematycznie czasem czasami niekiedy rzadko okresowo zazwyczaj"
    ),
    "en": words("often regularly frequently regular sometimes occasionally usually periodically rarely"),
}
SEVERAL: Final = {
    "pl": words("kilka kilkakrotnie kilkukrotnie parę wiele dużo mnóstwo niewiele"),
    "en": words("few several couple many lots plenty numerous"),
}
LONG: Final = {
    "pl": words("długo dłużej"),
    "en": frozenset(("long",)),
}
AT_ONCE: Final = {
    "pl": either(
        "jak najszybciej|możliwie szybko|w (?:krótkim|rozsądnym|stosownym) czasie|bez zbędnej zwłoki",
        r"krótk\w+ czas\w*|w miarę możliwości|w miarę potrzeb|na bieżąco",
        r"z (?:odpowiednim )?wyprzedzeniem|odpowiednio długo",
    ),
    "en": either(
        "as soon as possible|asap|in a timely manner|within a reasonable time|in good time|without delay",
        "waiting time short|short (?:waiting )?(?:time|wait)|a while|well in advance",
        "(?:if|where|when) possible|as needed|a short time",
    ),
}
NOW_AND_THEN: Final = {
    "pl": either("od czasu do czasu|co (?:jakiś|pewien) czas"),
    "en": either("from time to time|every so often|every now and then|once in a while"),
}
# Before these the word asks for an amount or compares: how often, as soon as, jak długo.
ASKS: Final = {"pl": words("jak ile tak równie zbyt_"), "en": words("how as so no")}
INSTEAD: Final = {
    "pl": {
        "fast": "w ciągu 30 sekund",
        "slow": "w ciągu 24 godzin",
        "often": "co 10 minut",
        "long": "ponad 3 minuty",
    },
    "en": {
        "fast": "within 30 seconds",
        "slow": "within 24 hours",
        "often": "every 10 minutes",
        "long": "over 3 minutes",
    },
}
NUMBER_WORDS: Final = {
    "pl": words(
        "jeden dwa trzy cztery pięć sześć siedem osiem dziewięć dziesięć dwanaście piętnaście"
        " dwadzieścia trzydzieści czterdzieści sześćdziesiąt sto oba obydwa pierwszy drugi trzeci raz"
        " dwukrotnie trzykrotnie jednokrotnie każdy dwoje troje pół półtora kwadrans następny"
    ),
    "en": words(
        "one two three four five six seven eight nine ten twelve fifteen twenty thirty forty sixty"
        " ninety hundred first second third once twice both each every half next"
    ),
}
# A situation made of nothing but these is no situation.
NO_SITUATION: Final = {
    "pl": words(
        "zawsze w każdy sytuacja gdy trzeba kiedy to jest być potrzebny razie potrzeba raz odpowiedni"
        " moment właściwy czas jeśli jeżeli możliwe możliwy wskazane stosowny stosownie do sytuacja"
        " okoliczność na co dzień stale cały czas zwykle w_razie ogólnie przypadek konieczny zajść"
    ),
    "en": words(
        "always at all times time in any every situation situations when whenever if where as"
        " appropriate necessary needed possible required be it is the right moment generally usually"
        " case cases need arise suitable a an circumstances circumstance"
    ),
}
