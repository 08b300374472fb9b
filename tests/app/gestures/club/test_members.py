"""Joining with consent, cards, levels that rise at once and fall by their rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from app.gestures.club.conftest import CONSENT, document
from app.gestures.conftest import NOON, terms

from gracja.app.common.clock import stopped_at
from gracja.app.common.erasures import Erasures
from gracja.app.common.models import AuditEntry
from gracja.app.common.money import Money
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Consent, Customer, Purchase
from gracja.app.contacts.selectors.customers import find_customer
from gracja.app.contacts.services.customers.joining import merge_customers
from gracja.app.contacts.services.customers.purchases import add_purchase
from gracja.app.contacts.services.customers.records import Details, add_customer, withdraw_consent
from gracja.app.gestures.club.models import Card, ClubRules, Member
from gracja.app.gestures.club.rules import end_of_month, months_before
from gracja.app.gestures.club.selectors.members import card_of, member_of, standing
from gracja.app.gestures.club.services.levels import update_levels
from gracja.app.gestures.club.services.members import (
    Agreed,
    forget_birthday,
    join_club,
    leave_club,
    note_visit,
    replace_card,
    scan_card,
)
from gracja.app.gestures.club.services.settings import write_club
from gracja.app.gestures.selectors.reach import reach_today
from gracja.app.gestures.services.admitting import decide
from gracja.app.gestures.terms import check_terms
from gracja.app.operations.erasure import erase_again, erase_customer
from gracja.app.operations.export import export_customer

pytestmark = pytest.mark.django_db


@pytest.fixture
def bought(cast, rynek, joanna):
    """`bought(3, day=...)`: purchases of 20 zł on so many days, the last of them on this one."""

    def made(count, *, last=NOON - timedelta(hours=1), whose=joanna):
        return [
            add_purchase(
                by=cast.filip,
                customer=whose,
                place=rynek,
                system="till",
                number=f"{whose.pk}-{last:%Y%m%d}-{n}",
                at=last - timedelta(days=n),
                amount=Money(20_00, "PLN"),
            )
            for n in range(count)
        ]

    return made


def refunded(purchase, minor):
    Purchase.objects.filter(pk=purchase.pk).update(refunded_minor=minor)


def number_of(member):
    return card_of(member).number


def test_a_customer_joins_with_consent_and_gets_a_card(cast, club, joanna):
    member = join_club(by=cast.darek, customer=joanna, agreed=Agreed(club.version, "en"))

    consent = Consent.objects.get(customer=joanna, purpose="club", withdrawn_at=None)
    assert consent.taken_by == cast.darek.person
    assert (member.rules.document["consent"], member.language) == (CONSENT, "en")
    assert len(number_of(member)) == 12
    assert "Joanna" not in str(AuditEntry.objects.get(action="club.join").after)


def test_joining_again_keeps_the_card(cast, club, joanna, member):
    again = join_club(by=cast.edyta, customer=joanna, agreed=Agreed(club.version, "pl"))

    assert (again, Card.objects.count()) == (member, 1)


def test_a_new_customer_is_written_down_and_joins_at_once(cast, club):
    agreed = Agreed(club.version, "pl", birthday=(11, 22))

    member = join_club(by=cast.darek, customer=Details("Iga", "501 100 200"), agreed=agreed)

    assert (member.customer.birthday_month, member.customer.birthday_day) == (11, 22)
    assert member.customer.phone == "501 100 200"


def test_nobody_joins_a_text_that_changed_meanwhile(cast, club, joanna):
    write_club(by=cast.filip, document=document(keep_months=6), version=1)

    with pytest.raises(Refused, match="club_changed_meanwhile"):
        join_club(by=cast.darek, customer=joanna, agreed=Agreed(club.version, "pl"))
    assert not Consent.objects.exists()


def test_an_impossible_birthday_leaves_nobody_behind(cast, club):
    with pytest.raises(Refused, match="birthday_impossible"):
        join_club(by=cast.darek, customer=Details("Iga"), agreed=Agreed(club.version, "pl", (2, 30)))

    assert (Customer.objects.count(), Member.objects.count()) == (0, 0)


def test_who_serves_nobody_lets_nobody_in(cast, club, joanna, member):
    for act in (
        lambda: join_club(by=cast.borys, customer=joanna, agreed=Agreed(club.version, "pl")),
        lambda: scan_card(by=cast.hubert, given=number_of(member)),
        lambda: leave_club(by=cast.borys, member=member),
        lambda: note_visit(by=cast.borys, member=member),
        lambda: replace_card(by=cast.borys, member=member, lost=number_of(member)),
        lambda: write_club(by=cast.anna, document=document(), version=1),
    ):
        with pytest.raises(Refused, match="not_permitted"):
            act()


def test_a_card_is_known_however_it_is_typed(cast, member):
    number = number_of(member)

    assert scan_card(by=cast.edyta, given=f" {number[:4]}-{number[4:].lower()} ") == member
    with pytest.raises(Refused, match="card_unknown"):
        scan_card(by=cast.edyta, given="")
    with pytest.raises(Refused, match="card_unknown"):
        scan_card(by=cast.edyta, given="JOANNA")


def test_a_lost_card_stops_and_the_new_one_works(cast, member):
    lost = number_of(member)

    new = replace_card(by=cast.darek, member=member, lost=lost)

    assert replace_card(by=cast.darek, member=member, lost=lost) == new
    assert scan_card(by=cast.darek, given=new.number) == member
    with pytest.raises(Refused, match="card_stopped") as refused:
        scan_card(by=cast.darek, given=lost)
    assert refused.value.facts == {"at": "2026-11-20"}


def test_tills_know_a_customer_by_the_card_while_it_works(cast, joanna, member):
    lost = number_of(member)
    assert find_customer(by=cast.darek, given=lost) == joanna

    new = replace_card(by=cast.darek, member=member, lost=lost)

    assert find_customer(by=cast.darek, given=lost) is None
    assert find_customer(by=cast.darek, given=new.number) == joanna
    leave_club(by=cast.darek, member=member)
    assert find_customer(by=cast.darek, given=new.number) is None


def test_who_left_is_no_member_and_may_join_again(cast, club, joanna, member):
    number = number_of(member)

    leave_club(by=cast.darek, member=member)
    leave_club(by=cast.darek, member=member)

    with pytest.raises(Refused, match="card_left"):
        scan_card(by=cast.darek, given=number)
    assert not Consent.objects.filter(withdrawn_at=None).exists()
    assert join_club(by=cast.darek, customer=joanna, agreed=Agreed(club.version, "pl")) != member
    member.refresh_from_db()
    with pytest.raises(Refused, match="card_left"):
        replace_card(by=cast.darek, member=member, lost=number)


def test_consent_taken_back_elsewhere_ends_the_card(cast, joanna, member):
    withdraw_consent(by=cast.darek, customer=joanna, purpose="club")

    with pytest.raises(Refused, match="card_left"):
        scan_card(by=cast.darek, given=number_of(member))
    assert update_levels() == 0
    member.refresh_from_db()
    assert member.left_at is not None


def test_a_level_is_reached_at_the_scan_and_noted(cast, member, bought):
    bought(3)

    shown = standing(scan_card(by=cast.darek, given=number_of(member)))

    assert (shown.level.title["en"], shown.counted, shown.next.title["en"], shown.still) == (
        "Familiar",
        3,
        "At home",
        3,
    )
    assert shown.member.level_since == date(2026, 11, 20)
    assert shown.member.holds_until == date(2027, 2, 28)
    noted = AuditEntry.objects.get(action="club.level_up")
    assert (noted.before, noted.after) == ({"level": 0}, {"level": 1})


def test_days_count_once_and_what_was_refunded_whole_does_not(cast, rynek, joanna, member, bought):
    first, second = bought(2)
    refunded(second, 20_00)
    add_purchase(
        by=cast.filip,
        customer=joanna,
        place=rynek,
        system="till",
        number="again",
        at=first.at,
        amount=Money(1_00, "PLN"),
    )

    assert standing(member).counted == 1
    assert note_visit(by=cast.darek, member=member) is True  # the same day as the purchase
    assert note_visit(by=cast.darek, member=member) is False
    assert standing(member).counted == 1


def test_levels_by_what_was_spent_count_refunds_and_one_currency(cast, rynek, joanna, member, bought):
    levels = [{"title": "Gość", "start_at": 30_00, "perks": []}]
    write_club(by=cast.filip, document=document(counts="purchases", levels=levels), version=1)
    first, _ = bought(2)
    refunded(first, 5_00)
    add_purchase(
        by=cast.filip,
        customer=joanna,
        place=rynek,
        system="till",
        number="euro",
        at=NOON,
        amount=Money(900_00, "EUR"),
    )

    shown = standing(scan_card(by=cast.darek, given=number_of(member)))

    assert (shown.counted, shown.level.title) == (35_00, "Gość")


def test_a_level_falls_only_after_its_day(cast, member, bought):
    bought(3)
    update_levels()
    gone = datetime(2027, 12, 1, 12, tzinfo=UTC)  # nothing was bought for a year
    with stopped_at(datetime(2027, 2, 27, 12, tzinfo=UTC)):
        update_levels()  # still deserved: three days within twelve months
    member.refresh_from_db()
    assert (member.level, member.holds_until) == (1, date(2027, 5, 31))
    with stopped_at(datetime(2027, 11, 25, 12, tzinfo=UTC)):
        shown = standing(member)
        assert (shown.counted, shown.falls, shown.after) == (0, True, None)

    with stopped_at(gone):
        assert update_levels() == 1

    member.refresh_from_db()
    assert (member.level, member.holds_until) == (0, None)
    assert AuditEntry.objects.filter(action="club.level_down").count() == 1


def test_a_level_that_is_no_longer_deserved_lasts_to_its_day(cast, member, bought):
    for purchase in bought(3):
        update_levels()
        refunded(purchase, 20_00)
    member.refresh_from_db()
    assert (member.level, member.holds_until) == (1, date(2027, 2, 28))

    with stopped_at(datetime(2027, 2, 28, 12, tzinfo=UTC)):
        assert update_levels() == 0
    with stopped_at(datetime(2027, 3, 1, 12, tzinfo=UTC)):
        assert update_levels() == 1


def test_the_birthday_is_used_only_where_that_was_agreed(cast, club):
    agreed = Agreed(club.version, "pl", birthday=(11, 22))
    iga = join_club(by=cast.darek, customer=Details("Iga"), agreed=agreed)
    details = Details("Ola", birthday=(11, 22))
    ola = join_club(by=cast.darek, customer=details, agreed=Agreed(club.version, "pl"))

    assert standing(iga).birthday == {"pl": "Ciastko", "en": "A cake"}
    assert standing(ola).birthday is None
    with stopped_at(NOON - timedelta(days=2)):
        assert standing(iga).birthday is None


def test_a_birthday_on_a_leap_day_is_kept_every_year(cast, club):
    ewa = join_club(by=cast.darek, customer=Details("Ewa"), agreed=Agreed(club.version, "pl", (2, 29)))

    with stopped_at(datetime(2027, 2, 28, 12, tzinfo=UTC)):
        assert standing(ewa).birthday is not None


def test_joined_records_are_one_member_with_the_older_card(cast, club, joanna, member, bought):
    other = add_customer(by=cast.darek, details=Details("J. Kruk"))
    second = join_club(by=cast.darek, customer=other, agreed=Agreed(club.version, "pl"))
    bought(2)
    bought(1, last=NOON - timedelta(days=9), whose=other)

    merge_customers(by=cast.filip, kept=joanna, other=other)

    assert member_of(joanna) == member
    assert standing(scan_card(by=cast.darek, given=number_of(second))).counted == 3


def test_rules_keep_their_versions_and_are_changed_by_one_at_a_time(cast, club):
    changed = document(keep_months=6)

    assert write_club(by=cast.filip, document=changed, version=1).version == 2
    assert write_club(by=cast.filip, document=changed, version=2).version == 2
    with pytest.raises(Refused, match="club_changed_meanwhile"):
        write_club(by=cast.grazyna, document=document(), version=1)
    assert ClubRules.objects.count() == 2


def test_levels_have_to_rise(cast):
    levels = [{"title": "A", "start_at": 5}, {"title": "B", "start_at": 5}]
    with pytest.raises(Refused, match="club_levels_do_not_rise"):
        write_club(by=cast.filip, document=document(levels=levels), version=0)
    with pytest.raises(Refused, match="club_rules_wrong"):
        write_club(by=cast.filip, document=document(window_months=0), version=0)


def test_whoever_is_erased_is_in_no_club(cast, joanna, member, bought):
    bought(3)
    note_visit(by=cast.darek, member=member)
    number = number_of(member)

    erase_customer(by=cast.grazyna, customer=joanna)

    assert (Member.objects.count(), Card.objects.count()) == (0, 0)
    with pytest.raises(Refused, match="card_unknown"):
        scan_card(by=cast.darek, given=number)


def test_a_restored_member_is_forgotten_again(joanna, member):
    assert erase_again(Erasures({joanna.key: ""})) == (1, 0)
    assert Member.objects.count() == 0


def test_a_customer_may_take_all_that_the_club_knows(cast, joanna, member, bought):
    note_visit(by=cast.darek, member=member)

    records = export_customer(by=cast.filip, customer=joanna)["records"]

    assert [one["language"] for one in records["club.member"]] == ["pl"]
    assert [one["number"] for one in records["club.card"]] == [number_of(member)]
    assert [one["day"] for one in records["club.seen"]] == ["2026-11-20"]


@pytest.mark.parametrize(
    ("day", "months", "before", "end"),
    [
        (date(2026, 3, 31), 1, date(2026, 2, 28), date(2026, 4, 30)),
        (date(2028, 2, 29), 12, date(2027, 2, 28), date(2029, 2, 28)),
        (date(2026, 1, 15), 1, date(2025, 12, 15), date(2026, 2, 28)),
        (date(2026, 12, 1), 24, date(2024, 12, 1), date(2028, 12, 31)),
    ],
)
def test_months_are_those_of_the_calendar(day, months, before, end):
    assert (months_before(day, months), end_of_month(day, months)) == (before, end)


def test_who_takes_the_birthday_back_is_greeted_no_more_and_the_day_is_gone(cast, club, rynek):
    agreed = Agreed(club.version, "pl", birthday=(11, 20))
    iga = join_club(by=cast.darek, customer=Details("Iga", do_not_contact=True), agreed=agreed)
    condition = {"field": "birthday", "comparison": "is", "value": True}
    document = check_terms(terms(conditions=condition))
    with stopped_at(NOON):
        assert decide(iga.customer, rynek, document, told={}).met

    for _ in range(2):
        forget_birthday(by=cast.darek, member=iga)

    kept = Member.objects.get(pk=iga.pk)
    assert (kept.birthday_agreed_at, kept.left_at) == (None, None)
    assert (kept.customer.birthday_month, kept.customer.birthday_day) == (None, None)
    assert kept.customer.do_not_contact
    with stopped_at(NOON):
        assert not decide(kept.customer, rynek, document, told={}).met
    assert AuditEntry.objects.filter(action="club.birthday_withdraw").count() == 1


def test_a_birthday_gesture_is_not_for_a_member_who_did_not_agree(cast, club, rynek):
    ola = join_club(
        by=cast.darek, customer=Details("Ola", birthday=(11, 20)), agreed=Agreed(club.version, "pl")
    )
    document = check_terms(terms(conditions={"field": "birthday", "comparison": "is", "value": True}))

    with stopped_at(NOON):
        assert not decide(ola.customer, rynek, document, told={}).met
        assert reach_today(by=cast.filip, terms=document).open == 0
