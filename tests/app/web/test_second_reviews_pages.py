"""The pages of second reviews: asking for one, doing it blind, and both side by side."""

from __future__ import annotations

import pytest
from django.urls import reverse

from gracja.app.observations.models import Mark, SecondReview, SecondReviewShare, Visit
from gracja.app.observations.services.second import ask_second_review

pytestmark = pytest.mark.django_db


@pytest.fixture
def visit(visits, cast):
    return Visit.objects.filter(employee=cast.darek.person).first()


@pytest.fixture
def asked(visit, cast):
    return ask_second_review(by=cast.filip, visit=visit, evaluator=cast.anna.person)


def filled(client, asked):
    """The form as it is shown, with everything that was not seen said so."""
    form = client.get(reverse("second_review", args=[asked.uid])).context["form"]
    return {name: "?" for name in form.fields if name.startswith("mark_")}


def first_of(client, asked):
    """A mark of the first evaluator that is met or not."""
    form = client.get(reverse("second_review", args=[asked.uid])).context["form"]
    names = [name.removeprefix("mark_") for name, one in form.fields.items() if hasattr(one, "choices")]
    return Mark.objects.filter(visit=asked.visit, status="marked", standard__in=names).first()


def test_a_manager_asks_and_the_evaluator_finds_it_without_the_first_marks(cast, signed_in, visit):
    manager = signed_in(cast.filip, language="en")
    assert "Ask for a second review" in manager.get(reverse("visit", args=[visit.uid])).content.decode()

    done = manager.post(
        reverse("ask_second_review", args=[visit.uid]), {"evaluator": cast.anna.person.uid}, follow=True
    )

    assert "does not see these marks before theirs are in" in done.content.decode()
    second = signed_in(cast.anna, language="en")
    assert visit.contact in second.get(reverse("second_reviews")).content.decode()
    assert second.get(reverse("visit", args=[visit.uid])).status_code == 404
    assert reverse("visit", args=[visit.uid]) not in second.get(reverse("visits")).content.decode()
    form = second.get(reverse("second_review", args=[SecondReview.objects.get().uid]))
    assert form.status_code == 200
    assert cast.borys.person.name not in form.content.decode()


def test_what_was_marked_stands_beside_the_first_marks_with_the_differences(cast, signed_in, asked):
    client = signed_in(cast.anna, language="en")
    first = first_of(client, asked)
    given = filled(client, asked) | {f"mark_{first.standard}": "0" if first.value else "1"}

    done = client.post(reverse("second_review", args=[asked.uid]), given, follow=True)

    page = done.content.decode()
    assert done.redirect_chain[-1][0] == reverse("visit_beside", args=[asked.visit.uid])
    assert "Of 1 standard that all of them could mark, 0 was marked alike." in page
    for said in ("They differ", "Marked by one only", cast.borys.person.name, cast.anna.person.name):
        assert said in page
    assert Mark.objects.get(pk=first.pk).value == first.value
    assert client.get(reverse("second_review", args=[asked.uid])).status_code == 404
    over = client.get(reverse("second_reviews"), {"show": "over"}).content.decode()
    assert reverse("visit_beside", args=[asked.visit.uid]) in over


def test_a_form_with_a_gap_keeps_what_was_said_and_says_what_is_missing(cast, signed_in, asked):
    client = signed_in(cast.anna, language="en")
    given = filled(client, asked)
    gap = next(name for name in given)
    del given[gap]

    answer = client.post(reverse("second_review", args=[asked.uid]), given)

    assert answer.status_code == 422
    assert answer.context["form"].errors.keys() == {gap}
    nothing = client.post(reverse("second_review", args=[asked.uid]), filled(client, asked))
    assert "Mark at least one standard" in nothing.content.decode()
    assert not Visit.objects.filter(second_to__isnull=False).exists()


def test_it_is_given_to_somebody_else_or_called_off(cast, signed_in, asked):
    client = signed_in(cast.filip, language="en")
    give = reverse("give_second_review", args=[asked.uid])
    offered = client.get(give).content.decode()
    assert cast.borys.person.name not in offered

    client.post(give, {"evaluator": cast.grazyna.person.uid})
    asked.refresh_from_db()
    assert asked.evaluator == cast.grazyna.person
    client.post(reverse("call_off_second_review", args=[asked.uid]))
    assert "No second review is to be made." in client.get(reverse("second_reviews")).content.decode()
    assert "called off" in client.get(reverse("second_reviews"), {"show": "over"}).content.decode()


def test_the_share_that_is_drawn_is_set_in_hundredths(cast, signed_in, visit):
    client = signed_in(cast.filip, language="en")

    client.post(reverse("second_review_share"), {"percent": "5"})

    assert SecondReviewShare.objects.get().share == 0.05
    assert "now 5% of reviews" in client.get(reverse("second_reviews")).content.decode()
    client.post(reverse("second_review_share"), {"percent": "101"})
    assert SecondReviewShare.objects.count() == 1
    assert signed_in(cast.borys).get(reverse("second_reviews")).context["share_form"] is None


def test_the_list_of_visits_says_which_is_a_second_review(cast, signed_in, asked):
    client = signed_in(cast.anna, language="en")
    given = filled(client, asked) | {f"mark_{first_of(client, asked).standard}": "1"}
    client.post(reverse("second_review", args=[asked.uid]), given)

    assert "second review" in signed_in(cast.filip, language="en").get(reverse("visits")).content.decode()
    own = signed_in(cast.darek, language="en").get(reverse("visit", args=[asked.visit.uid])).content.decode()
    assert reverse("visit_beside", args=[asked.visit.uid]) in own
