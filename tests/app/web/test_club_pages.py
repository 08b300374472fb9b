"""Pages of the club and of gifts: what each shows, takes and refuses."""

from __future__ import annotations

import re

import pytest
from app.club_world import club_at
from app.gestures.club.conftest import document
from app.giving_world import gestures_at
from django.urls import reverse

from gracja.app.common.money import Money
from gracja.app.contacts.models import Consent, Customer
from gracja.app.gestures.club.models import Card, ClubRules, Gift, Member, Shelf, YearlyLimit
from gracja.app.gestures.club.selectors.members import card_of
from gracja.app.gestures.club.services.limits import set_limit
from gracja.app.gestures.club.services.settings import write_club
from gracja.app.gestures.models import Gesture
from gracja.app.gestures.services.granting import approve_gesture

pytestmark = pytest.mark.django_db


@pytest.fixture
def there(company, cast, rynek):
    gestures_at(rynek, cast)
    return club_at(rynek, cast)


def words(answer):
    """What a page says, in one line."""
    text = answer.content.decode().split("<main", 1)[1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", text).replace("\xa0", " ").split())


SETTINGS = {
    "title_pl": "Klub",
    "counts": "purchases",
    "currency": "pln",
    "window_months": "6",
    "keep_months": "2",
    "days_before": "3",
    "days_after": "3",
    "consent_pl": "Zgadzam się.",
    "consent_en": "I agree.",
    "version": "0",
    "title_pl_1": "Srebro",
    "start_1": "300,50",
    "perks_pl_1": "Kawa\nCiastko",
    "perks_en_1": "Coffee",
    "title_pl_2": "Złoto",
    "start_2": "900",
}


def test_without_a_club_its_manager_is_led_to_the_settings(company, cast, signed_in):
    assert "Set the club up" in words(signed_in(cast.filip).get("/club/"))
    assert "There is no club yet" in words(signed_in(cast.darek).get("/club/"))
    assert signed_in(cast.darek).get("/club/settings/").status_code == 403
    assert signed_in(cast.borys).get("/club/").status_code == 403
    assert "There is no club yet" in words(signed_in(cast.darek).get("/club/join/new/"))


def test_settings_become_a_document(company, cast, signed_in):
    answer = signed_in(cast.filip).post("/club/settings/", SETTINGS)

    kept = ClubRules.objects.get().document
    assert answer.status_code == 302
    assert [level["start_at"] for level in kept["levels"]] == [300_50, 900_00]
    assert kept["levels"][0]["perks"] == [{"pl": "Kawa", "en": "Coffee"}, {"pl": "Ciastko"}]
    assert (kept["birthday"], kept["currency"], kept["title"]) == (None, "PLN", {"pl": "Klub"})
    shown = signed_in(cast.filip).get("/club/settings/").content.decode()
    assert 'value="300.50"' in shown
    assert "Kawa\nCiastko" in shown


def test_settings_that_do_not_fit_keep_what_was_typed(company, cast, signed_in):
    client = signed_in(cast.filip)
    for changed, said in (
        ({"start_2": "200"}, "Each level has to start above"),
        ({"start_2": "dużo"}, "is no amount"),
        ({"currency": "zł."}, "is no currency"),
        ({"title_pl_2": ""}, "Name this level"),
        ({"counts": "visits"}, "as a whole number"),
        ({"start_1": "0"}, "starts above zero"),
    ):
        answer = client.post("/club/settings/", SETTINGS | changed)
        assert (answer.status_code, said in words(answer)) == (422, True), said
        assert "Ciastko" in answer.content.decode()
    assert not ClubRules.objects.exists()


def test_settings_that_another_changed_meanwhile_are_not_overwritten(cast, there, signed_in):
    answer = signed_in(cast.filip).post("/club/settings/", SETTINGS)

    assert (answer.status_code, ClubRules.objects.count()) == (422, 1)
    assert "changed a moment ago" in words(answer)


def test_a_typed_card_shows_what_it_entitles_to_and_no_name(cast, there, signed_in):
    client = signed_in(cast.edyta)
    number = card_of(there.member).grouped

    answer = client.post("/club/scan/", {"card": number.lower()}, follow=True)

    assert "1 visit counts now. 2 more to “Familiar”." in words(answer)
    assert "Iga" not in answer.content.decode()
    wrong = client.post("/club/scan/", {"card": "ABC"})
    assert (wrong.status_code, "There is no card" in words(wrong)) == (422, True)
    assert 'value="ABC"' in wrong.content.decode()


def test_only_the_page_that_scans_may_use_the_camera(cast, there, signed_in):
    client = signed_in(cast.darek)

    assert client.get("/club/scan/").headers["Permissions-Policy"] == "camera=(self)"
    assert client.get("/club/").headers["Permissions-Policy"] == "camera=()"


def test_a_customer_is_found_and_joins_with_the_text_in_their_language(cast, there, signed_in):
    client = signed_in(cast.darek)
    found = client.post("/club/join/", {"given": "503 300 100"})
    assert found.headers["Location"] == reverse("club_join_known", args=(there.newcomer.uid,))

    shown = client.get(found.headers["Location"] + "?language=pl")
    assert "Zgadzam się na klub." in words(shown)
    joined = client.post(
        found.headers["Location"],
        {
            "language": "pl",
            "version": "1",
            "agrees": "on",
            "day": "29",
            "month": "2",
            "birthday_agrees": "on",
        },
    )

    member = Member.objects.get(customer=there.newcomer)
    assert joined.headers["Location"] == reverse("club_member", args=(member.uid,))
    assert (member.language, member.birthday_agreed_at is not None) == ("pl", True)
    again = client.post("/club/join/", {"given": "503300100"})
    assert again.headers["Location"] == joined.headers["Location"]
    assert "The birthday may be remembered: agreed" in words(client.get(joined.headers["Location"]))
    assert client.post(f"/club/members/{member.uid}/birthday/forget/").status_code == 302
    assert "The birthday is not used." in words(client.get(joined.headers["Location"]))
    later = reverse("club_birthday", args=(member.uid,))
    assert later in client.get(joined.headers["Location"]).content.decode()
    assert "A cake" in words(client.get(later))
    day = {"day": "30", "month": "2", "birthday_agrees": "on"}
    refused = client.post(later, {**day, "birthday_agrees": ""})
    assert (refused.status_code, "Without the customer’s consent" in words(refused)) == (422, True)
    wrong = client.post(later, day)
    assert (wrong.status_code, "There is no day 30" in words(wrong)) == (422, True)
    assert client.post(later, {**day, "day": "28"}).headers["Location"] == joined.headers["Location"]
    member.refresh_from_db()
    assert member.birthday_agreed_at is not None


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"agrees": ""}, "Nobody joins without agreeing"),
        ({"day": "4", "month": ""}, "Give both day and month"),
        ({"day": "30", "month": "2", "birthday_agrees": "on"}, "There is no day 30"),
        ({"day": "4", "month": "5"}, "leave the day empty"),
        ({"version": "7"}, "changed a moment ago"),
    ],
)
def test_nothing_is_kept_of_who_does_not_join(cast, there, signed_in, changed, said):
    before = (Customer.objects.count(), Consent.objects.count())
    typed = {"name": "Ewa", "phone": "600", "language": "en", "version": "1", "agrees": "on"}

    answer = signed_in(cast.darek).post("/club/join/new/", typed | changed)

    assert (answer.status_code, said in words(answer)) == (422, True)
    assert 'value="Ewa"' in answer.content.decode()
    assert (Customer.objects.count(), Consent.objects.count()) == before


def test_who_is_here_already_joins_anew_only_on_purpose(cast, there, signed_in):
    client, typed = signed_in(cast.darek), {"name": "Ewa", "phone": "503300100"}
    typed |= {"language": "en", "version": "1", "agrees": "on"}

    told = client.post("/club/join/new/", typed)

    assert (told.status_code, "is here already" in words(told)) == (422, True)
    assert 'type="checkbox" name="although_known"' in told.content.decode()
    assert client.post("/club/join/new/", typed | {"although_known": "on"}).status_code == 302
    assert Customer.objects.filter(phone_digits="503300100").count() == 2


def test_nobody_found_leads_to_a_new_customer(cast, there, signed_in):
    answer = signed_in(cast.darek).post("/club/join/", {"given": "999 999 999"})

    assert (answer.status_code, "Nobody is found" in words(answer)) == (422, True)
    assert "/club/join/new/" in answer.content.decode()


def test_a_card_is_printed_replaced_and_ends_with_the_membership(cast, there, signed_in):
    client, uid = signed_in(cast.darek), there.member.uid
    pdf = client.get(f"/club/members/{uid}/card.pdf")
    assert (pdf.headers["Content-Type"], pdf.content[:5]) == ("application/pdf", b"%PDF-")
    assert b"Sroka" not in pdf.content

    lost = card_of(there.member).number
    assert "stops at once" in words(client.get(f"/club/members/{uid}/replace/"))
    for _ in range(2):
        client.post(f"/club/members/{uid}/replace/", {"lost": lost})
    assert Card.objects.filter(member=there.member).count() == 2
    assert "was replaced on" in words(client.post("/club/scan/", {"card": lost}))

    assert client.post(f"/club/members/{uid}/leave/").status_code == 302
    assert "This membership ended" in words(client.get(f"/club/members/{uid}/"))
    assert client.get(f"/club/members/{uid}/card.pdf").status_code == 404


def test_a_visit_is_noted_once_a_day(cast, there, signed_in):
    answer = signed_in(cast.darek).post(f"/club/members/{there.member.uid}/visit/", follow=True)

    assert "Today’s visit is noted" in words(answer)
    assert there.member.seen.count() == 1
    assert signed_in(cast.darek).get(f"/club/members/{there.member.uid}/visit/").status_code == 405
    assert signed_in(cast.darek).get("/club/members/nobody/").status_code == 404


def test_who_has_one_place_is_at_its_shelf(cast, rynek, galeria, there, signed_in):
    shown = signed_in(cast.darek).get("/club/stock/", follow=True)
    assert "Rynek: there are enough gifts." in words(shown)
    assert signed_in(cast.edyta).get(f"/club/stock/{rynek.uid}/").status_code == 404
    assert signed_in(cast.borys).get("/club/stock/").status_code == 403
    assert "Whose shelf?" in words(signed_in(cast.filip).get("/club/stock/"))


def test_stock_is_entered_by_who_keeps_it(cast, rynek, there, signed_in):
    address = reverse("stock_gift", args=(rynek.uid, there.gift.uid))
    typed = {"kind": "damaged", "count": "9", "key": "k"}
    wrong = signed_in(cast.anna).post(address, typed)
    assert (wrong.status_code, "Only 5 are left on the shelf" in words(wrong)) == (422, True)

    done = signed_in(cast.anna).post(address, typed | {"count": "3"}, follow=True)
    assert "2 lie on the shelf of Rynek" in words(done)
    assert "Few are left." in words(done)
    assert "1 gift is running out" in words(signed_in(cast.anna).get(f"/club/stock/{rynek.uid}/"))
    assert "<form" not in signed_in(cast.darek).get(address).content.decode().split("<main")[1]
    assert signed_in(cast.darek).post(address, typed | {"key": "own"}).status_code == 403
    assert Shelf.objects.get(gift=there.gift).balance == 2


def test_a_gift_is_given_by_card_once(cast, rynek, there, signed_in):
    address = reverse("gift_give", args=(rynek.uid, there.gift.uid))
    typed = {"card": card_of(there.member).grouped, "reason": "Setna wizyta", "key": "k"}

    for _ in range(2):
        assert signed_in(cast.darek).post(address, typed).status_code == 302

    assert Shelf.objects.get(gift=there.gift).balance == 4
    given = Gesture.objects.get(key="k")
    assert (given.state, given.customer_key) == ("committed", there.customer.key)


def test_a_gift_that_cannot_be_given_says_why_beside_the_field(cast, rynek, there, signed_in):
    address = reverse("gift_give", args=(rynek.uid, there.gift.uid))
    for typed, said in (
        ({"card": "nobody", "reason": "x"}, "No customer is found by this"),
        ({"card": "503 300 100", "reason": " "}, "Why"),
    ):
        answer = signed_in(cast.darek).post(address, typed | {"key": "k"})
        assert (answer.status_code, said in words(answer)) == (422, True)
    assert not Gesture.objects.filter(key="k").exists()


def test_whoever_gives_above_the_limit_is_told_before_and_after(cast, rynek, there, signed_in):
    set_limit(by=cast.filip, amount=Money(11_00, "PLN"))
    address = reverse("gift_give", args=(rynek.uid, there.gift.uid)) + f"?member={there.member.uid}"
    client = signed_in(cast.darek)
    assert "above your company’s limit" in words(client.get(address))

    done = client.post(address, {"reason": "Setna wizyta", "key": "k"}, follow=True)

    assert "above your company’s limit" in done.content.decode()
    assert done.redirect_chain[0][0] == reverse("club_member", args=(there.member.uid,))


def test_a_promised_gift_is_handed_over_after_the_second_person(cast, rynek, there, signed_in):
    client, address = signed_in(cast.darek), reverse("gift_promised", args=(rynek.uid, there.promised.uid))
    assert "waits for a second person" in words(client.get(f"/club/stock/{rynek.uid}/"))
    assert client.post(address).status_code == 409

    approve_gesture(by=cast.anna, gesture=there.promised)
    assert "Hand over “A scarf”?" in words(client.get(address))
    assert client.post(address).status_code == 302

    there.promised.refresh_from_db()
    assert there.promised.state == "committed"
    assert signed_in(cast.edyta).get(address).status_code == 404


def test_kinds_of_gifts_are_named_changed_and_closed(cast, there, signed_in):
    client, policy = signed_in(cast.filip), there.gift.policy.uid
    typed = {"title_pl": "Herbata", "policy": policy, "value": "9,50", "low_at": "2"}
    assert client.post("/club/gifts/add/", typed).status_code == 302
    tea = Gift.objects.get(title_pl="Herbata")
    assert (tea.value, tea.title_en) == (Money(9_50, "PLN"), "Herbata")

    for changed, said in (
        ({"value": "80,01"}, "80"),
        ({"value": "x"}, "is no amount"),
        ({"title_pl": " "}, "Write what"),
    ):
        answer = client.post(f"/club/gifts/{tea.uid}/", typed | changed)
        assert (answer.status_code, said in words(answer)) == (422, True)
    client.post(f"/club/gifts/{tea.uid}/close/")
    assert "given no more" in words(client.get("/club/gifts/"))
    assert signed_in(cast.anna).get(f"/club/gifts/{tea.uid}/").status_code == 404
    assert signed_in(cast.anna).get("/club/gifts/add/").status_code == 403


def test_the_values_of_a_year_are_a_page_and_a_sheet(cast, rynek, there, signed_in):
    address = reverse("gift_give", args=(rynek.uid, there.gift.uid)) + f"?member={there.member.uid}"
    signed_in(cast.darek).post(address, {"reason": "Setna wizyta", "key": "k"})
    client = signed_in(cast.filip)
    wrong = client.post("/club/gift-values/", {"amount": "dużo", "currency": "PLN"})
    assert (wrong.status_code, "is no amount" in words(wrong)) == (422, True)
    client.post("/club/gift-values/", {"amount": "14", "currency": "pln"})

    year = Gesture.objects.get(key="k").ended_at.year
    page = words(client.get(f"/club/gift-values/?year={year}"))
    sheet = client.get(f"/club/gift-values/{year}.csv").content.decode("utf-8-sig")

    assert YearlyLimit.objects.get().amount == Money(14_00, "PLN")
    assert f"1 customer was given gifts in {year}." in page
    assert "near" in page
    assert sheet.splitlines()[1] == f"{year};{_harmless(there.customer.key)};1;12.00;PLN;near the limit"
    assert "Iga" not in sheet
    assert "No gift was handed over in 2000." in words(client.get("/club/gift-values/?year=1999"))
    assert client.get("/club/gift-values/1.csv").status_code == 404
    assert signed_in(cast.anna).get("/club/gift-values/").status_code == 403
    typed = {"amount": "1", "currency": "PLN"}
    assert signed_in(cast.hubert).post("/club/gift-values/", typed).status_code == 403


def _harmless(key):
    return f"'{key}" if key[0] in "-=+@" else key


def test_a_change_of_levels_is_seen_on_the_front_page(cast, there, signed_in):
    levels = [{"title": {"pl": "Gość", "en": "Guest"}, "start_at": 1, "perks": [], "policy": ""}]
    write_club(by=cast.filip, document=document(levels=levels), version=1)
    signed_in(cast.darek).post("/club/scan/", {"card": card_of(there.member).number})

    assert "Guest 1 visit 1" in words(signed_in(cast.filip).get("/club/"))
