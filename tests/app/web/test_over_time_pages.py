"""Pages that say what changed, how far people agree, and whose marks are uneven."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from gracja.app.measurement.models import Course, Result, Run

pytestmark = pytest.mark.django_db

WEEKS = 12
FIRST = date(2026, 9, 7)


def figures(**named):
    return {
        f"{name}{end}": value
        for name in ("same", "alpha", "ac1", "kappa")
        for end, value in zip(("", "_low", "_high"), named.get(name, (None, None, None)), strict=True)
    }


def row(between, standard, **named):
    return {"between": between, "standard": standard, "marks": 120, "contacts": 60, **figures(**named)}


AGREEMENT = {
    "rows": [
        row("people", None, same=(0.84, 0.8, 0.88), alpha=(0.61, 0.52, 0.7), ac1=(0.7, 0.6, 0.8)),
        row("people", "greet", same=(1.0, 0.94, 1.0), alpha=(1.0, None, None)),
        row("detector", None, same=(0.9, 0.87, 0.93), kappa=(0.72, 0.6, 0.8)),
    ],
    "anchoring": {
        "blind": 300, "seen": 100, "unknown": 7, "same_blind": 0.8, "same_seen": 0.95,
        "more": 0.15, "more_low": 0.08, "more_high": 0.21,
    },
}  # fmt: skip


@pytest.fixture
def run(cast, edition):
    return Run.objects.create(
        edition=edition,
        period_start=FIRST,
        period_end=FIRST + timedelta(weeks=WEEKS),
        state="done",
        finished_at="2026-11-30T12:00:00Z",
        agreement=AGREEMENT,
        basis={"on": "human", "rows": {}},
    )


def course(run, place=None, standard="", change=None, **more):
    columns = {
        "met": [8] * 11 + [0], "judged": [10] * 11 + [0], "low": [0.5] * 11 + [None],
        "high": [0.95] * 11 + [None], "smoothed": [0.8] * 11 + [None], "signals": [0] * WEEKS,
    } | more  # fmt: skip
    begins = [(FIRST + timedelta(weeks=week)).isoformat() for week in range(WEEKS)]
    return Course.objects.create(
        run=run, place=place, standard=standard, grain="week", begins=begins, centre=0.8, dispersion=1.0,
        change=change, **columns,
    )  # fmt: skip


def result(run, kind, subject, *, person=None, place=None, fit=None, **row):
    nothing = dict.fromkeys(
        ("base", "base_low", "base_high", "fit", "fit_low", "fit_high", "initiative", "initiative_low",
         "initiative_high", "measure", "se", "classic", "grade", "needed", "provisional", "tier",
         "rank_low", "rank_high"),
    )  # fmt: skip
    return Result.objects.create(
        run=run, subject_kind=kind, subject=subject, person=person, place=place, contacts=40,
        row=nothing | row, model_fit=fit,
    )  # fmt: skip


def fit(infit, slope=(None, None, None)):
    names = ("slope", "slope_low", "slope_high")
    return {"marks": 200, "infit": infit, "infit_low": 0.9, "infit_high": 1.1} | dict(
        zip(names, slope, strict=True)
    )


CHANGED = {"period": 5, "before": 0.71, "after": 0.83, "p": 0.0001, "sure": True}


def text_of(client, name, **query):
    page = client.get(reverse(name), query)
    assert page.status_code == 200
    return re.sub(r"\s+", " ", page.content.decode().replace("\xa0", " "))


def test_the_page_opens_with_what_changed_and_since_when(cast, run, rynek, signed_in):
    result(run, "place", rynek.uid, place=rynek)
    course(run, rynek, "", change=CHANGED)

    text = text_of(signed_in(cast.filip), "over_time", run=run.uid)

    assert "Since 12 October 2026 standards have been met more often at Rynek: 83% instead of 71%." in text
    assert "about once in 370 weeks" in text


def test_where_nothing_is_told_the_page_says_that_chance_moves_it(cast, run, rynek, signed_in):
    result(run, "place", rynek.uid, place=rynek)
    course(run, rynek)

    assert "Nothing is known to have changed" in text_of(signed_in(cast.filip), "over_time", run=run.uid)


def test_without_a_course_it_is_not_known_yet(cast, run, rynek, signed_in):
    result(run, "place", rynek.uid, place=rynek)

    text = text_of(signed_in(cast.filip), "over_time", run=run.uid)

    assert "It is not known yet how shares went" in text
    assert "over-time/course" not in text


def test_the_picture_has_a_table_that_says_the_same(cast, run, rynek, signed_in):
    signals = [0] * 3 + [1] + [0] * 8
    course(run, rynek, "greet", met=[8] * 3 + [2] + [8] * 7 + [0], signals=signals)

    text = text_of(signed_in(cast.filip), "over_time_course", run=run.uid, place=rynek.uid, standard="greet")

    assert text.count('<circle class="course__dot') == 11  # a dot a week with marks
    assert text.count("course__dot--signal") == 1
    assert "28 Sep 2026</b>: 20%, far less often than usual" in text
    assert text.count('<th scope="row">') == WEEKS
    assert "not measured" in text  # the week without marks


def test_a_lead_follows_her_own_place_and_no_other(cast, run, rynek, galeria, signed_in):
    for place in (rynek, galeria):
        result(run, "place", place.uid, place=place)
        course(run, place, "", change=CHANGED)
    anna = signed_in(cast.anna)

    text = text_of(anna, "over_time", run=run.uid)

    assert "at Rynek" in text
    assert "Galeria" not in text
    there = anna.get(reverse("over_time_course"), {"run": run.uid, "place": galeria.uid})
    assert there.status_code == 404


def test_in_polish_the_month_and_the_place_stand_as_they_should(cast, run, rynek, signed_in):
    result(run, "place", rynek.uid, place=rynek)
    course(run, rynek, "", change=CHANGED)
    client = signed_in(cast.filip)
    client.cookies["django_language"] = "pl"

    text = text_of(client, "over_time", run=run.uid)

    assert (
        "Od 12 października 2026 w placówce Rynek standardy są spełniane częściej: 83 % zamiast 71 %." in text
    )


def test_who_reads_nobodys_results_follows_nothing(cast, run, rynek, signed_in):
    course(run, rynek)
    darek = signed_in(cast.darek)

    assert darek.get(reverse("over_time"), {"run": run.uid}).status_code == 404
    there = darek.get(reverse("over_time_course"), {"run": run.uid, "place": rynek.uid})
    assert there.status_code == 404


def test_evaluators_see_in_sentences_with_intervals_how_far_they_agree(cast, run, signed_in):
    text = text_of(signed_in(cast.filip), "results_evaluators", run=run.uid)

    assert "say the same in 84% of their marks (95% interval: 80% to 88%)" in text
    assert "0.52 to 0.70" in text
    assert "no range is known yet" in text  # alpha of greet: nobody differed
    assert "made without seeing the automatic one (300 of 400)" in text
    assert "Of 7 more it is not known." in text
    assert "95% against 80%, a difference of 8 to 21 points. It seems to draw people." in text


def test_a_difference_that_may_be_none_is_no_verdict(cast, run, signed_in):
    run.agreement["anchoring"] |= {"more_low": -0.02}
    run.save()

    text = text_of(signed_in(cast.filip), "results_evaluators", run=run.uid)

    assert "No difference is known" in text
    assert "It seems to draw people" not in text


def test_an_uneven_evaluator_is_named_with_the_number_behind(cast, run, signed_in):
    result(
        run, "evaluator", cast.borys.person.key, person=cast.borys.person, fit=fit(1.46), measure=0.1, se=0.3
    )

    text = text_of(signed_in(cast.filip), "results_evaluators", run=run.uid)

    assert "<b>Uneven</b>" in text
    assert "1.46; 0.90–1.10 is expected" in text


def test_a_difference_too_small_to_matter_is_not_called_uneven(cast, run, signed_in):
    result(
        run, "evaluator", cast.borys.person.key, person=cast.borys.person, fit=fit(1.15), measure=0.1, se=0.3
    )

    assert "<b>Uneven</b>" not in text_of(signed_in(cast.filip), "results_evaluators", run=run.uid)


def test_a_standard_says_that_it_tells_nobody_apart_and_its_classic_score(cast, run, signed_in):
    shares = {"base": 0.8, "base_low": 0.7, "base_high": 0.9, "classic": 77.0}
    result(run, "standard", "greet", fit=fit(1.0, (0.1, -0.1, 0.4)), **shares)
    result(run, "standard", "reads_time_back", fit=fit(1.0, (0.9, 0.4, 1.4)), **shares)

    text = text_of(signed_in(cast.filip), "results_standards", run=run.uid)

    assert text.count("Does not tell people apart") == 1
    assert "classic 77%" in text


def test_a_person_is_not_told_that_their_marks_are_uneven_but_who_leads_them_is(cast, run, signed_in):
    person = cast.darek.person
    result(run, "employee", person.key, person=person, fit=fit(1.5))
    url = reverse("person_result", args=[person.uid])

    lead = signed_in(cast.filip).get(url, {"run": run.uid}).content.decode()
    own = signed_in(cast.darek).get(url, {"run": run.uid}).content.decode()

    assert "vary more than the rest leads to expect" in lead
    assert "vary more than the rest leads to expect" not in own


def test_a_course_with_a_blank_week_says_why_it_is_not_measured(cast, run, rynek, signed_in):
    course(run, rynek)
    client = signed_in(cast.filip)

    text = text_of(client, "over_time_course", run=run.uid, place=rynek.uid)
    client.cookies["django_language"] = "pl"
    polish = text_of(client, "over_time_course", run=run.uid, place=rynek.uid)

    assert "nobody was marked in that week or month, or the marks of fewer than three people" in text
    assert "dałoby się poznać oceny mniej niż trojga ludzi" in polish


def test_the_limits_are_not_drawn_through_a_blank_week(cast, run, rynek, signed_in):
    blank = {"met": 0, "judged": 0, "low": None, "high": None, "smoothed": None}
    known = {"met": 8, "judged": 10, "low": 0.5, "high": 0.95, "smoothed": 0.8}
    columns = {name: [known[name]] * 4 + [blank[name]] + [known[name]] * 7 for name in known}
    course(run, rynek, **columns)

    text = text_of(signed_in(cast.filip), "over_time_course", run=run.uid, place=rynek.uid)

    fields = re.findall(r'<polygon class="course__usual" points="([^"]+)"', text)
    ends = [sorted({float(point.split(",")[0]) for point in field.split()}) for field in fields]
    assert [(round(one[0], 1), round(one[-1], 1)) for one in ends] == [(0.0, 33.3), (41.7, 100.0)]


def test_a_course_without_a_blank_week_explains_none(cast, run, rynek, signed_in):
    course(run, rynek, met=[8] * WEEKS, judged=[10] * WEEKS, low=[0.5] * WEEKS, high=[0.95] * WEEKS)

    text = text_of(signed_in(cast.filip), "over_time_course", run=run.uid, place=rynek.uid)

    assert "fewer than three people" not in text
