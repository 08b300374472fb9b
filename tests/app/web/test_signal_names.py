"""Signals are named in the reader's language, not by their ids."""

from __future__ import annotations

from django.utils.translation import override

from gracja.app.web.standards.signal_names import signal_name
from gracja.engine.edition.bundled import bundled_names, bundled_text
from gracja.engine.edition.read import read_edition


def test_every_signal_of_a_bundled_edition_has_a_polish_name():
    there = {one for name in bundled_names() for one in read_edition(bundled_text(name)).edition.signals}

    with override("pl"):
        assert [one for one in there if signal_name(one) == one.replace("_", " ")] == []


def test_a_signal_of_the_company_s_own_keeps_the_name_it_was_given():
    with override("pl"):
        assert signal_name("prosi_o_ciszę") == "prosi o ciszę"
