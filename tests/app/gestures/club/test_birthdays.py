"""A birthday is remembered as agreed, and leaves with the member."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from gracja.app.common.clock import stopped_at
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Customer
from gracja.app.contacts.services.customers.records import Details, give_consent, withdraw_consent
from gracja.app.gestures.club.models import Member
from gracja.app.gestures.club.selectors.members import standing
from gracja.app.gestures.club.services.birthdays import agree_birthday
from gracja.app.gestures.club.services.levels import update_levels
from gracja.app.gestures.club.services.members import Agreed, forget_birthday, join_club, leave_club

pytestmark = pytest.mark.django_db


@pytest.fixture
def ola(cast, club):
    return join_club(by=cast.darek, customer=Details("Ola"), agreed=Agreed(club.version, "pl"))


def birthday_of(member):
    one = Customer.objects.get(pk=member.customer_id)
    return (one.birthday_month, one.birthday_day)


def test_a_member_agrees_later_and_is_greeted(cast, ola):
    for _ in range(2):
        agree_birthday(by=cast.darek, member=ola, birthday=(2, 29))

    kept = Member.objects.select_related("customer").get(pk=ola.pk)
    assert birthday_of(ola) == (2, 29)
    with stopped_at(datetime(2027, 2, 28, 12, tzinfo=UTC)):
        assert standing(kept).birthday == {"pl": "Ciastko", "en": "A cake"}
    assert AuditEntry.objects.filter(action="club.birthday_agree").count() == 1
    forget_birthday(by=cast.darek, member=kept)
    assert birthday_of(ola) == (None, None)


def test_a_day_that_does_not_exist_and_who_has_left_agree_to_nothing(cast, ola):
    with pytest.raises(Refused, match="birthday_impossible"):
        agree_birthday(by=cast.darek, member=ola, birthday=(2, 30))
    leave_club(by=cast.darek, member=ola)
    with pytest.raises(Refused, match="card_left"):
        agree_birthday(by=cast.darek, member=ola, birthday=(2, 28))
    with pytest.raises(Refused, match="not_permitted"):
        agree_birthday(by=cast.hubert, member=ola, birthday=(2, 28))


@pytest.mark.parametrize("elsewhere", [False, True])
def test_the_birthday_leaves_with_the_member(cast, ola, elsewhere):
    agree_birthday(by=cast.darek, member=ola, birthday=(11, 22))
    give_consent(by=cast.darek, customer=ola.customer, purpose="study")

    if elsewhere:
        withdraw_consent(by=cast.darek, customer=ola.customer, purpose="club")
        update_levels()
    else:
        leave_club(by=cast.darek, member=ola)

    assert birthday_of(ola) == (None, None)
    assert Member.objects.get(pk=ola.pk).birthday_agreed_at is None
    entry = AuditEntry.objects.get(action="club.birthday_leave")
    assert entry.after == {"birthday": False, "carried_by": []}
    assert entry.by_key == ("" if elsewhere else cast.darek.person.key)


@pytest.mark.parametrize("purpose", ["call", "card"])
def test_a_consent_to_calls_or_cards_carries_the_birthday_on(cast, ola, purpose):
    agree_birthday(by=cast.darek, member=ola, birthday=(11, 22))
    give_consent(by=cast.darek, customer=ola.customer, purpose=purpose)

    leave_club(by=cast.darek, member=ola)

    assert birthday_of(ola) == (11, 22)
    assert AuditEntry.objects.get(action="club.birthday_leave").after["carried_by"] == [purpose]


def test_a_birthday_that_was_never_agreed_to_in_the_club_leaves_too(cast, club):
    iga = join_club(
        by=cast.darek, customer=Details("Iga", birthday=(3, 1)), agreed=Agreed(club.version, "pl")
    )
    leave_club(by=cast.darek, member=iga)

    assert birthday_of(iga) == (None, None)
