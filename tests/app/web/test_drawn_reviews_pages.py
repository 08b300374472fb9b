"""The pages of conversations drawn for review: drawing, marking blind, giving on and calling off."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gracja.app.contacts.models import ExternalId
from gracja.app.observations.models import DrawnReview, Visit

pytestmark = pytest.mark.django_db
DRAW = {"first": "2026-09-01", "last": "2026-12-31", "budget": "3", "per_employee": "0"}


@pytest.fixture
def talks(archived, cast, rynek):
    ExternalId.objects.create(system="upload", value="salon_rynek", place=rynek)
    return archived


@pytest.fixture
def drawn(talks, cast, edition, signed_in):
    """Three, for Borys."""
    given = DRAW | {"edition": edition.uid}
    done = signed_in(cast.filip, language="en").post(reverse("draw_reviews"), given, follow=True)
    assert "3 conversations are drawn, out of" in done.content.decode()
    return list(DrawnReview.objects.all())


def filled(client, review):
    """The form as it is shown: the first standard met, and the rest not seen."""
    form = client.get(reverse("drawn_review", args=[review.uid])).context["form"]
    given = dict.fromkeys((name for name in form.fields if name.startswith("mark_")), "?")
    first = next(name for name, one in form.fields.items() if hasattr(one, "choices"))
    return given | {first: "1"}


def test_a_manager_draws_and_the_evaluator_marks_what_was_said_without_an_automatic_mark(
    cast, signed_in, drawn
):
    borys = signed_in(cast.borys, language="en")
    listed = borys.get(reverse("drawn_reviews")).content.decode()
    assert "3 conversations are still to be reviewed" in listed
    assert "with a chance of" not in listed
    assert reverse("drawn_reviews") in borys.get("/").content.decode()
    one = drawn[0]
    page = borys.get(reverse("drawn_review", args=[one.uid])).content.decode()
    assert "What was said" in page
    assert "3 are for you, this one included" in page

    done = borys.post(reverse("drawn_review", args=[one.uid]), filled(borys, one), follow=True)

    assert "Your review is in. 2 more are for you." in done.content.decode()
    visit = Visit.objects.get(contact=one.contact)
    assert (visit.blind, visit.inclusion) == (True, one.inclusion)
    made = borys.get(reverse("drawn_review", args=[one.uid]))
    assert made.headers["Location"] == reverse("visit", args=[visit.uid])
    over = borys.get(reverse("drawn_reviews"), {"show": "over"}).content.decode()
    assert reverse("visit", args=[visit.uid]) in over


def test_the_page_of_the_conversation_hides_its_marks_from_whoever_is_to_mark_it_until_theirs_are_in(
    cast, signed_in, drawn
):
    one = drawn[0]
    borys, anna = (signed_in(user, language="en") for user in (cast.borys, cast.anna))
    address = reverse("conversation", args=[one.contact])

    hidden, shown = (client.get(address).context["talk"].parts for client in (borys, anna))
    assert (hidden, bool(shown)) == ([], True)
    assert "hidden from you until yours are in" in borys.get(address).content.decode()
    borys.post(reverse("drawn_review", args=[one.uid]), filled(borys, one))
    assert borys.get(address).context["talk"].parts == shown


def test_who_served_and_who_works_elsewhere_find_nothing_of_it(cast, signed_in, drawn):
    one = drawn[0]
    DrawnReview.objects.filter(pk=one.pk).update(employee=cast.anna.person)

    for user in (cast.darek, cast.celina, cast.hubert, cast.anna):
        client = signed_in(user)
        assert client.get(reverse("drawn_review", args=[one.uid])).status_code == 404
        assert client.post(reverse("call_off_drawn_review", args=[one.uid])).status_code == 404
    assert one.contact not in signed_in(cast.anna).get(reverse("drawn_reviews")).content.decode()


def test_one_is_given_to_somebody_else_and_another_called_off(cast, signed_in, drawn):
    anna = signed_in(cast.anna, language="en")
    give, off = (reverse(f"{act}_drawn_review", args=[drawn[0].uid]) for act in ("give", "call_off"))
    assert cast.grazyna.person.name in anna.get(give).content.decode()

    given = anna.post(give, {"evaluator": cast.grazyna.person.uid}, follow=True)

    assert "The conversation is given to Grażyna Bąk." in given.content.decode()
    assert anna.post(give, {"evaluator": cast.borys.person.uid + "x"}).status_code == 422
    assert signed_in(cast.borys).get(reverse("drawn_review", args=[drawn[0].uid])).status_code == 404
    assert "The review is called off." in anna.post(off, follow=True).content.decode()
    assert DrawnReview.objects.filter(called_off_at=None).count() == 2


def test_what_cannot_be_drawn_stands_beside_its_field(cast, signed_in, talks, edition):
    filip = signed_in(cast.filip, language="en")

    for wrong, field in (({"budget": "900"}, "budget"), ({"last": "2026-08-01"}, "last")):
        answer = filip.post(reverse("draw_reviews"), DRAW | {"edition": edition.uid} | wrong)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
    assert signed_in(cast.anna).get(reverse("draw_reviews")).status_code == 404


def test_a_conversation_whose_words_are_gone_has_no_form(cast, signed_in, drawn):
    DrawnReview.objects.filter(pk=drawn[0].pk).update(contact="gone")

    page = signed_in(cast.borys, language="en").get(reverse("drawn_review", args=[drawn[0].uid]))

    assert "no longer kept here" in page.content.decode()
    assert "Hand in" not in page.content.decode()


def test_what_somebody_else_marked_meanwhile_need_not_be_reviewed(cast, signed_in, drawn, edition, rynek):
    one = drawn[0]
    Visit.objects.create(
        contact=one.contact,
        edition=edition,
        place=rynek,
        evaluator=cast.anna.person,
        occurred_at=one.occurred_at,
    )
    borys = signed_in(cast.borys, language="en")

    page = borys.get(reverse("drawn_reviews")).content.decode()

    assert "Somebody else marked it in the meantime" in page
    assert reverse("drawn_review", args=[one.uid]) not in page
    late = borys.post(reverse("drawn_review", args=[one.uid]), filled(borys, one))
    assert "Somebody else marked this conversation in the meantime" in late.content.decode()
