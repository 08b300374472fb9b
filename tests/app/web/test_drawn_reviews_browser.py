"""On a phone: conversations are drawn, an evaluator marks one beside what was said, the visit is there, and a
measurement counts it.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from gracja.app.common.clock import stopped_at
from gracja.app.contacts.models import ExternalId
from gracja.app.measurement.services.runs import ask_for_run, carry_out
from gracja.app.observations.models import DrawnReview, Visit

pytestmark = pytest.mark.browser
HEIGHT = 844  # of the phone


@pytest.fixture
def drawn(archived, told, cast, rynek, edition, window):
    """Filip draws three conversations of September at Rynek."""
    ExternalId.objects.create(system="upload", value="salon_rynek", place=rynek)
    page = window(cast.filip, width=390, language="en")
    page.goto("/visits/to-review/")
    page.get_by_role("link", name="Draw conversations").click()
    page.get_by_label("Conversations from").fill("2026-09-01")
    page.get_by_label("until").fill("2026-09-30")
    page.get_by_label("How many conversations").fill("3")
    page.get_by_role("button", name="Draw them").click()
    page.get_by_text("3 conversations are drawn").wait_for()
    assert narrow(page)
    return list(DrawnReview.objects.all())


def narrow(page):
    """Whether nothing of it lies beside the phone."""
    return page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_an_evaluator_marks_a_drawn_conversation_on_a_phone_and_it_is_measured(
    window, violations, cast, edition, drawn
):
    page = window(cast.borys, width=390, language="en")
    page.goto("/visits/to-review/")
    page.get_by_role("link", name="Review it").first.click()
    assert narrow(page)
    assert violations(page) == []
    words = page.get_by_role("region", name="What was said")
    end = page.get_by_role("button", name="Hand in the review")
    end.scroll_into_view_if_needed()
    box = words.bounding_box()
    assert box["y"] >= 0  # still in sight, beside the last standard
    assert box["height"] <= HEIGHT / 2
    for met in page.locator("input[type=radio][value='1']").all():
        met.check(force=True)
    for scale in page.locator("select[name^=mark_]").all():
        scale.select_option("1")
    end.click()
    page.get_by_text("Your review is in. 2 more are for you.").wait_for()

    visit = Visit.objects.get()
    assert (visit.blind, visit.evaluator) == (True, cast.borys.person)
    assert visit.inclusion == DrawnReview.objects.get(made=visit).inclusion
    page.goto("/visits/to-review/?show=over")
    page.get_by_role("link", name="See the marks").click()
    assert page.url.endswith(f"/visits/one/{visit.uid}/")
    with stopped_at(datetime(2026, 12, 20, 10, tzinfo=UTC)):
        run = carry_out(ask_for_run(by=cast.filip, edition_uid=edition.uid, period_start=date(2026, 9, 1)))
    assert run.state == "done"
    assert run.basis["rows"]["visit"] == visit.marks.count()
