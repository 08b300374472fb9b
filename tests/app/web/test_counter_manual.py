"""The manual's gallery of customers says what the bundled rules give."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.utils import translation

from gracja.app.service_mode.selectors.effects import TYPICAL, typical_advice
from gracja.app.web.service_mode.shown import customers
from gracja.app.web.templatetags.service_mode import signed
from gracja.engine.dial.read import bundled_rules
from gracja.engine.edition.texts import in_language
from gracja.wording.advice import say_band

MANUAL = Path(__file__).parents[3] / "docs" / "manual"
PAGES = {"en": MANUAL / "en" / "counter.md", "pl": MANUAL / "pl" / "przy-kliencie.md"}
START = {"en": "start", "pl": "punkt wyjścia"}
LIMIT = {"en": "the dial ends at 0", "pl": "pokrętło kończy się na 0"}
CEILING = {"en": "ceiling: {title}", "pl": "sufit: {title}"}


def gallery(lang):
    """A row for each customer: who, where on the dial, and every point."""
    rows = []
    with translation.override(lang):
        named = customers()
    for one in TYPICAL:
        reading = typical_advice(one, bundled_rules()).reading
        points = "; ".join(f"{points_of(reason)} {told(reason, lang)}" for reason in reading.reasons)
        who, where = named[one.slug]
        rows.append(f"| {who}. {where} | **{reading.dial}**, {say_band(reading.band, lang)} | {points} |")
    return rows


def points_of(reason):
    return str(reason.points) if reason.what == "start" else signed(reason.points)


def told(reason, lang):
    title = in_language(reason.title, lang) if reason.title else ""
    if reason.what == "start":
        return START[lang]
    if reason.what == "limit":
        return LIMIT[lang]
    if reason.what == "ceiling":
        return CEILING[lang].format(title=title)
    return title if reason.count is None else f"{title}: {reason.count}"


@pytest.mark.parametrize("lang", ["en", "pl"])
def test_the_manual_s_gallery_is_what_the_rules_give(lang):
    page = PAGES[lang].read_text(encoding="utf-8")

    missing = [row for row in gallery(lang) if row not in page]

    assert missing == []
