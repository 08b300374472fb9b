"""What went wrong at the salons and how it was put right; whom they call and write to."""

from __future__ import annotations

from datetime import timedelta
from random import Random
from typing import Final, NamedTuple

from django.utils import timezone

from gracja.app.common.money import Money
from gracja.app.fill.autumn import GESTURES_FROM, LATELY, at, who
from gracja.app.fill.club import somebody_at, still_coming
from gracja.app.fill.people import LEADS, MANAGER
from gracja.app.fill.regulars import customer_of
from gracja.app.gestures.calls.models import Call
from gracja.app.gestures.calls.services.cards import make_batch, send_batch
from gracja.app.gestures.calls.services.making import note_outcome
from gracja.app.gestures.calls.services.proposing import propose_contacts
from gracja.app.gestures.calls.services.rules import Rule, change_reason
from gracja.app.gestures.recovery.services.cases import (
    Happened,
    Remedy,
    close_case,
    give_case,
    note_case,
    promise_remedy,
)
from gracja.app.organisation.models import Place, User

SEED: Final = 2026
LEFT_LYING: Final = 2  # cards that nobody has sent although they are due


class Trouble(NamedTuple):
    """One case. days: after gestures began. remedy: empty, nothing is promised yet. ends: done, refused, or
    empty while it waits.
    """

    days: int
    kind: str
    what: str
    remedy: str = ""
    cost_zl: int = 0
    ends: str = ""


_TROUBLES: Final = (
    Trouble(2, "complaint", "Kolor wyszedł rudy zamiast beżu.", "Poprawka koloru bez opłaty", 0, "done"),
    Trouble(6, "failure", "Wizyta zaczęła się 45 minut później.", "Przeprosiny, 20\u00a0% mniej", 42, "done"),
    Trouble(9, "failure", "W kalendarzu dwie osoby na jedną godzinę.", "Nowy termin jeszcze dziś", 0, "done"),
    Trouble(14, "complaint", "Podrażniona skóra po rozjaśnianiu.", "Zwrot za usługę i maść", 260, "done"),
    Trouble(17, "complaint", "Klientka żąda zwrotu za strzyżenie sprzed roku.", ends="refused"),
    Trouble(30, "failure", "Zabrakło farby, wizyta przełożona w dniu wizyty.", "Dojazd na nowy termin", 35),
    Trouble(38, "complaint", "Paragon na inną kwotę niż w cenniku.", "Zwrot różnicy", 25),
    Trouble(41, "complaint", "Plama z farby na płaszczu."),
    Trouble(43, "failure", "Nikt nie oddzwonił w obiecanym dniu."),
)
_WORDS: Final = {
    "after_failure": ("call", 3, "Zapytaj, czy wszystko jest już dobrze. Nie proponuj niczego w zamian."),
    "thanks_visits": ("card", 2, "Dziękujemy, że jesteś z nami. Do zobaczenia przy następnym strzyżeniu!"),
    "anniversary_first": ("card", 0, "Dziś mija rok od Twojej pierwszej wizyty. Dziękujemy!"),
}
_LEAST: Final = {"thanks_visits": Money(12, "PLN")}


def put_things_right() -> None:
    """Cases from noted to answered, some of them late."""
    regulars = still_coming()
    for number, trouble in enumerate(_TROUBLES):
        regular = regulars[number * 7]
        random = Random(f"{SEED} case {number}")  # noqa: S311
        moment = GESTURES_FROM + timedelta(days=trouble.days, hours=3)
        if moment > timezone.now():
            continue
        lead = LEADS[regular.place]
        with at(moment):
            happened = Happened(
                place=Place.objects.get(code=regular.place),
                kind=trouble.kind,
                what=trouble.what,
                at=moment - timedelta(minutes=20),
                customer=customer_of(regular.number),
            )
            case = note_case(by=somebody_at(regular.place, random), happened=happened, own=False)
        with at(moment + timedelta(hours=2)):
            give_case(by=who(lead), case=case, owner=who(lead).person)
            if trouble.remedy:
                cost = Money(trouble.cost_zl * 100, "PLN") if trouble.cost_zl else None
                promise_remedy(by=who(lead), case=case, remedy=Remedy(trouble.remedy, cost))
        if trouble.ends:
            with at(moment + timedelta(days=3)):
                answer = (
                    "Minął rok, a usługa była przyjęta bez zastrzeżeń." if trouble.ends == "refused" else ""
                )
                close_case(by=who(lead), case=case, done=trouble.ends == "done", answer=answer, told="yes")


def call_people() -> None:
    """The rules, what they propose, and what came of the first calls."""
    with at(GESTURES_FROM):
        by = who(MANAGER)
        for name, (way, days, text) in _WORDS.items():
            least = _LEAST.get(name, Money(0, "PLN"))
            change_reason(by=by, name=name, rule=Rule(on=True, way=way, days=days, least=least, text_pl=text))
    for weeks in range(3, 8):
        with at(min(GESTURES_FROM + timedelta(weeks=weeks), LATELY)):
            propose_contacts()
            for call in Call.objects.filter(state="proposed", way="call").order_by("due_on")[:1]:
                note_outcome(by=by, call=call, outcome="reached" if weeks % 3 else "no_answer")
    with at(LATELY):
        _send_cards(by)


def _send_cards(by: User) -> None:
    """Those that are due, but for the last few."""
    due = Call.objects.filter(state="proposed", way="card", due_on__lte=LATELY.date())
    ready = list(due.order_by("due_on", "pk"))[:-LEFT_LYING]
    if ready:
        batch, _left = make_batch(by=by, cards=ready, policy=None)
        send_batch(by=by, batch=batch)
