"""A club, a member, a gift on the shelf of Rynek and one that was promised: for tests of all pages."""

from __future__ import annotations

from types import SimpleNamespace

from app.gestures.club.conftest import document

from gracja.app.common.money import Money
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.club.services.handing import HandOver, hand_over_gift
from gracja.app.gestures.club.services.members import Agreed, join_club, note_visit
from gracja.app.gestures.club.services.settings import write_club
from gracja.app.gestures.club.services.stock import Named, receive_gifts, save_gift
from gracja.app.gestures.services.policies import write_policy


def club_at(rynek, cast):
    """member, newcomer (in no club), gift (five at Rynek), promised (waits for a second person). There is a
    budget at Rynek already.
    """
    club = write_club(by=cast.filip, document=document(), version=0)
    iga = add_customer(by=cast.darek, details=Details("Iga Sroka", "502 200 100"))
    member = join_club(by=cast.darek, customer=iga, agreed=Agreed(club.version, "pl", (11, 22)))
    note_visit(by=cast.darek, member=member)
    terms = {
        "kind": "gift",
        "title": {"pl": "Drobny upominek", "en": "A small gift"},
        "currency": "PLN",
        "usual_minor": 10_00,
        "most_minor": 80_00,
        "approve_above_minor": 20_00,
    }
    policy = write_policy(by=cast.filip, document=terms)
    cream = Named("Krem do rąk", "Hand cream", Money(12_00, "PLN"), policy.uid)
    gift = save_gift(by=cast.filip, named=cream)
    scarf = save_gift(by=cast.filip, named=Named("Szalik", "A scarf", Money(45_00, "PLN"), policy.uid))
    for one in (gift, scarf):
        receive_gifts(by=cast.anna, gift=one, place=rynek, count=5, key="first")
    wanted = HandOver(scarf, rynek, iga, "Dziękujemy")
    promised = hand_over_gift(by=cast.darek, wanted=wanted, key="promised in the world").gesture
    newcomer = add_customer(by=cast.darek, details=Details("Ola Dzik", "503 300 100"))
    return SimpleNamespace(member=member, newcomer=newcomer, gift=gift, promised=promised, customer=iga)
