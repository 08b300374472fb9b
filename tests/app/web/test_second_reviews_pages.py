"""The pages of second reviews: asking for one, doing it blind, and both side by side."""

from __future__ import annotations

import csv
from functools import partial

import pytest
from django.urls import reverse

from gracja.app.observations.models import Mark, SecondReview, SecondReviewShare, Visit, VisitImport
from gracja.app.observations.selectors import second
from gracja.app.observations.services.imports import give_file
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
    form = client.get(reverse("second_review", args=[asked.uid]))
    assert form.headers["Location"] == reverse("visit_beside", args=[asked.visit.uid])
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


def hand_in(client, asked, given):
    return client.post(reverse("second_review", args=[asked.uid]), given)


@pytest.mark.django_db(transaction=True)
def test_the_form_sent_from_two_windows_at_once_is_in_once(cast, signed_in, asked, at_once, together_after):
    windows = [signed_in(cast.anna, language="en") for _ in range(2)]
    first = first_of(windows[0], asked)
    form = filled(windows[0], asked)
    same = form | {f"mark_{first.standard}": "1"}
    together_after(second, "second_review_for", 2)

    done = at_once(*(partial(hand_in, window, asked, same) for window in windows))

    beside = reverse("visit_beside", args=[asked.visit.uid])
    assert [(one.status_code, one.headers.get("Location")) for one in done] == [(302, beside)] * 2
    assert at_once(Visit.objects.filter(second_to=asked.visit).count) == [1]


@pytest.mark.django_db(transaction=True)
def test_of_two_forms_that_differ_one_is_in_and_the_other_told_so(
    cast, signed_in, asked, at_once, together_after
):
    windows = [signed_in(cast.anna, language="en") for _ in range(2)]
    first = first_of(windows[0], asked)
    form = filled(windows[0], asked)
    marks = [form | {f"mark_{first.standard}": value} for value in "01"]
    together_after(second, "second_review_for", 2)

    done = at_once(*(partial(hand_in, *one) for one in zip(windows, [asked] * 2, marks, strict=True)))

    assert sorted(one.status_code for one in done) == [302, 422]
    [refused] = [one for one in done if one.status_code == 422]
    assert "This second review is in already, and stays as it was given." in refused.content.decode()
    assert at_once(Visit.objects.filter(second_to=asked.visit).count) == [1]


@pytest.mark.django_db(transaction=True)
def test_the_form_and_the_filled_in_sheet_at_once_are_one_second_review(cast, signed_in, asked, at_once):
    window, other = (signed_in(cast.anna, language="en") for _ in range(2))
    first = first_of(window, asked)
    form = window.get(reverse("second_review", args=[asked.uid])).context["form"]
    content = window.get(reverse("second_review_sheet", args=[asked.uid])).content.decode("utf-8-sig")
    [row] = csv.DictReader(content.splitlines(), delimiter=";")
    row[form.fields[f"mark_{first.standard}"].label] = "1"
    sheet = "\n".join(";".join(f'"{cell}"' for cell in some) for some in (row, row.values())).encode()
    marks = filled(window, asked) | {f"mark_{first.standard}": "1"}
    given = give_file(by=cast.anna, edition_uid=asked.visit.edition.uid, file_name="a.csv", content=sheet)
    assert given.outcome["second"] == 1

    page, file = at_once(
        lambda: hand_in(window, asked, marks), lambda: other.post(reverse("add_visits", args=[given.uid]))
    )

    assert page.status_code in (302, 422)
    assert file.headers["Location"] == reverse("visit_file", args=[given.uid])
    assert at_once(Visit.objects.filter(second_to=asked.visit).count) == [1]
    [done] = at_once(VisitImport.objects.get)
    # put in, or left out as one that is there already and differs in what could not be seen
    assert done.state == "done"
    assert sum(done.outcome[name] for name in ("second", "same", "changed", "faults")) == 1
