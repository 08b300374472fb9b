"""The edition "salon": versions 1 and 2, a draft of 3, who read them, and what they asked."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

from gracja.app.fill.autumn import (
    CONVERSATIONS_TOLD,
    FIRST_EDITION,
    LATELY,
    MEASURED_FROM,
    SECOND_EDITION,
    SECOND_IN_FORCE,
    VISITED_AGAIN_FROM,
    VISITED_FROM,
    VISITS_TOLD,
    at,
    who,
)
from gracja.app.fill.people import COLLEAGUES, LEADS, MANAGER, NEWCOMERS, login_of
from gracja.app.organisation.models import StaffNotice
from gracja.app.organisation.services.notices import confirm_notice, draft_notice, give_notice
from gracja.app.standards.models import Draft, Edition
from gracja.app.standards.selectors.publishing import key_of, to_publish
from gracja.app.standards.services.acknowledging import acknowledge_edition
from gracja.app.standards.services.drafts import change_draft
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.standards.services.publishing import publish_draft
from gracja.app.standards.services.questions import answer_question, ask_question
from gracja.demo.people import STAFF

MUST_READ: Final = ("employee", "place_lead")
HOUR: Final = timedelta(hours=1)
# Who has not come round to reading the second edition: two of them, and whoever is new.
LATE_READERS: Final = ("Darek Wójcik", "Tomek Dudek", *NEWCOMERS)
VISITS_NOTICE: Final = {
    "text_pl": (
        "Od 1 października raz w miesiącu ktoś odwiedza każdą osobę w salonach i zaznacza, które standardy "
        "widzi. Swój wynik widzisz tylko Ty i Twój kierownik, a każdą ocenę możesz zakwestionować."
    ),
    "text_en": (
        "From 1 October somebody visits everyone in the salons once a month and marks which standards they "
        "see. Your result is seen by you and your lead alone, and you can dispute every mark."
    ),
}
CONVERSATIONS_NOTICE: Final = {
    "text_pl": (
        "Od 1 września mierzymy, jak spełniamy nasze standardy w rozmowach telefonicznych, na czacie "
        "i w wiadomościach. Swój wynik i słowa, na których się opiera, widzisz tylko Ty i Twój kierownik. "
        "O nikim nie decyduje komputer, a każdą ocenę możesz zakwestionować."
    ),
    "text_en": (
        "From 1 September we measure how we keep our standards in phone calls, on chat and in messages. "
        "Your result and the words it rests on are seen by you and your lead alone. No computer decides "
        "about anybody, and you can dispute every mark."
    ),
}
VISITED_AGAIN_NOTICE: Final = {
    "text_pl": (
        "Jesienią nie było wizyt w salonach. Od 1 grudnia wracają i znów się liczą: każda ma scenariusz, "
        "który spisujemy, zanim ktokolwiek wejdzie do salonu."
    ),
    "text_en": (
        "There were no visits to the salons this autumn. From 1 December they are back and count again: "
        "each has a scenario, written down before anybody enters the salon."
    ),
}
_FAREWELL: Final[dict[str, Any]] = {
    "behaviour": {
        "pl": "Mówi przy drzwiach: „Do zobaczenia”",
        "en": "Says at the door: “See you soon”",
    },
    "when": {"pl": "gdy klient wychodzi", "en": "when the customer leaves"},
    "channels": ["in_person"],
    "rung": "base",
    "measure": "yes_no",
    "weight": 3,
}
_QUIET_CORNER: Final[dict[str, Any]] = {
    "title": {"pl": "Chwila ciszy dla zmęczonych", "en": "A quiet moment for the tired"},
}


def publish_standards() -> None:
    """From the trade to version 1, told to staff; a year later conversations are told of, and version 2."""
    with at(FIRST_EDITION):
        draft = start_draft(by=who(MANAGER), from_bundled="salon")
        first = _publish(draft.uid, VISITED_FROM)
    _all_told(FIRST_EDITION, VISITS_NOTICE, "visit", VISITED_FROM)
    for number, login in enumerate(_readers()):
        with at(FIRST_EDITION + (26 + number) * HOUR):
            acknowledge_edition(by=who(login), edition_uid=first.uid)
    _all_told(CONVERSATIONS_TOLD, CONVERSATIONS_NOTICE, "automatic", MEASURED_FROM)
    with at(SECOND_EDITION):
        seen = Draft.objects.get(uid=draft.uid).revision
        heavier = ["booking", "easy_to_book", "names_price", "weight"]
        seen = _change(draft.uid, seen, "standard.set", heavier, 6)
        seen = _change(draft.uid, seen, "standard.add", ["goodbye", "leaves_sure"], _FAREWELL)
        second = _publish(draft.uid, SECOND_IN_FORCE)
    for number, login in enumerate(_readers(without=LATE_READERS)):
        with at(SECOND_EDITION + (30 + 3 * number) * HOUR):
            acknowledge_edition(by=who(login), edition_uid=second.uid)


def go_on_with_standards() -> None:
    """A third notice, questions about version 2, and a draft of version 3."""
    with at(VISITS_TOLD):
        notice = _tell_staff(VISITED_AGAIN_NOTICE, "visit", VISITED_AGAIN_FROM)
    for number, login in enumerate([*_readers(without=LATE_READERS)[::2], MANAGER]):
        with at(VISITS_TOLD + (4 + number) * HOUR):
            confirm_notice(by=who(login), notice=notice)
    edition = Edition.objects.get(edition_id="salon", version=2)
    _ask(
        LATELY - 70 * HOUR,
        "iga.lis",
        "reads_time_back",
        "Czy powtarzać termin także wtedy, gdy klientka sama go właśnie powtórzyła?",
        answered_by=LEADS["salon_podgorze"],
        answer="Nie trzeba. Liczy się, że dzień i godzina padły na końcu choć raz, z czyichkolwiek ust.",
    )
    _ask(
        LATELY,
        "celina.mazur",
        "names_price",
        "Co mówić, gdy klientka chce ceny koloryzacji, a nie widzę jeszcze włosów? Widełki wystarczą?",
    )
    with at(LATELY + 20 * HOUR):
        draft = Draft.objects.get(edition_id=edition.edition_id)
        when = ["welcome", "expected", "says_delay", "weight"]
        seen = _change(draft.uid, draft.revision, "standard.set", when, 7)
        _change(draft.uid, seen, "enhancer.add", ["in_the_chair"], _QUIET_CORNER)


def _readers(without: tuple[str, ...] = NEWCOMERS) -> list[str]:
    return [*LEADS.values(), *(login_of(one) for one in STAFF if one.name not in without)]


def _all_told(moment: datetime, text: dict[str, str], source: str, measured_from: date) -> None:
    """A notice that everybody confirms within two days."""
    with at(moment):
        notice = _tell_staff(text, source, measured_from)
    for number, login in enumerate([*(one.login for one in COLLEAGUES), *_readers()]):
        with at(moment + (2 + number) * HOUR):
            confirm_notice(by=who(login), notice=notice)


def _tell_staff(text: dict[str, str], source: str, measured_from: date) -> StaffNotice:
    by = who(MANAGER)
    notice = draft_notice(by=by, notice=None, sources=(source,), measured_from=measured_from, **text)
    return give_notice(by=by, notice=notice)


def _publish(draft_uid: str, effective_from: date) -> Edition:
    by = who(MANAGER)
    ready = to_publish(by=by, draft_uid=draft_uid)
    return publish_draft(
        by=by,
        draft_uid=draft_uid,
        seen=ready.draft.revision,
        effective_from=effective_from,
        reasons={key_of(one): "Sprawdzimy to po pierwszym kwartale pomiaru." for one in ready.warnings},
        must_acknowledge=MUST_READ,
    )


def _change(draft_uid: str, seen: int, action: str, path: list[str], value: Any) -> int:
    by = who(MANAGER)
    return change_draft(by=by, draft_uid=draft_uid, seen=seen, action=action, path=path, value=value).revision


def _ask(
    moment: datetime, login: str, standard: str, text: str, *, answered_by: str = "", answer: str = ""
) -> None:
    edition = Edition.objects.get(edition_id="salon", version=2)
    with at(moment):
        asked = ask_question(by=who(login), edition_uid=edition.uid, standard=standard, text=text)
    if answer:
        with at(moment + 5 * HOUR):
            answer_question(by=who(answered_by), question_uid=asked.uid, text=answer)
