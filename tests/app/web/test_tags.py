"""Tags of every template: figures that say how sure they are, in the reader's language."""

from __future__ import annotations

from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils import translation

NBSP = "\u00a0"


def shown(template: str, language: str = "pl", **context) -> str:
    with translation.override(language):
        return Template(template).render(Context(context))


@pytest.mark.parametrize(
    ("low", "high", "dot", "side", "told"),
    [
        (0.88, 0.92, "dot", "iv iv--up", "prawie na pewno powyżej"),
        (0.70, 0.80, "dot", "iv iv--down", "prawie na pewno poniżej"),
        (0.70, 0.92, "dot open", "iv", "jeszcze nie wiadomo"),
    ],
)
def test_a_full_dot_stands_only_where_the_side_of_the_level_is_known(low, high, dot, side, told):
    mark = shown(
        "{% interval 'Podstawa' value low high 0.85 %}", value=(low + high) / 2 + 0.02, low=low, high=high
    )

    assert f'class="{dot}"' in mark
    assert f'<svg class="{side}"' in mark
    assert f"poziom 85{NBSP}%" in mark
    assert told in mark


def test_an_interval_lies_on_the_scale_of_its_column():
    mark = shown(
        "{% interval 'Basics' 0.9 0.8 1.0 0.85 scale %}", "en", scale=SimpleNamespace(low=0.6, high=1.0)
    )

    assert '<line class="aim" x1="62.5%" x2="62.5%"' in mark
    assert '<line class="rg" x1="50.0%" x2="100.0%"' in mark
    assert '<circle class="dot open" cx="75.0%"' in mark


def test_without_an_interval_nothing_is_drawn():
    assert shown("{% interval 'Podstawa' 0.9 None None 0.85 %}") == (
        '<span class="muted small">Nie mierzono</span>'
    )


def test_what_a_mark_is_about_is_escaped():
    assert "<b>" not in shown("{% interval what 0.9 0.8 1.0 0.85 %}", what='"><b>')


@pytest.mark.parametrize(
    ("name", "rungs", "word"),
    [("below", 0, "poniżej standardu"), ("above", 2, "ponad standard"), ("exceptional", 3, "nie z")],
)
def test_a_grade_is_a_word_and_as_many_rungs(name, rungs, word):
    mark = shown("{% grade name %}", name=name)

    assert mark.count('class="on"') == rungs
    assert word in mark


def test_an_unknown_grade_says_what_would_settle_it():
    mark = shown("{% grade None 40 %}")

    assert mark.count('class="on"') == 0
    assert f"jeszcze nie wiadomo, wystarczy około 40{NBSP}kontaktów" in mark


def test_a_band_is_a_word_and_a_distance():
    assert "dyskretna" in shown("{% band 'discreet' %}")
    assert "discreet" in shown("{% band 'discreet' %}", "en")


def test_the_tree_of_an_edition_speaks_the_reader_s_language():
    text = {"pl": "Podaje cenę w 30 sekund", "en": "Names the price in 30 seconds"}

    assert shown("{{ text|local }}", text=text) == f"Podaje cenę w{NBSP}30{NBSP}sekund"
    assert shown("{{ text|local }}", "en", text=text) == f"Names the price in 30{NBSP}seconds"
    assert shown("{{ text|local }}", text={"de": "Gruß"}) == "Gruß"
    assert shown("{{ text|local }}", text=None) == ""


def test_small_words_stay_on_the_line_and_nothing_gets_in_unescaped():
    assert shown("{{ text|nbsp }}", text="i <b> z 5 osób") == f"i{NBSP}&lt;b&gt; z{NBSP}5{NBSP}osób"


def test_shares_and_days_are_written_as_the_language_does():
    at = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)

    assert shown("{{ 0.9|percent }} {{ none|percent }}", none=None) == f"90{NBSP}% –"
    assert shown("{{ 0.9|percent }}", "en") == "90%"
    assert shown("{{ ends|span }}", ends=(0.86, 0.93)) == "86–93"
    assert shown("{{ day|day }}", day=date(2026, 11, 22)) == f"22{NBSP}listopada{NBSP}2026"
    assert shown("{{ at|moment }}", at=at) == f"22{NBSP}listopada{NBSP}2026,{NBSP}17.30"
    assert shown("{{ at|moment }}", "en", at=at).endswith(f"5:30{NBSP}pm")
    assert shown("{{ none|day }}", none=None) == "–"


class Sample(forms.Form):
    name = forms.CharField(label="Nazwa", help_text="Krótka", max_length=5)
    kind = forms.ChoiceField(label="Rodzaj", choices=(("a", "A"), ("b", "B")), widget=forms.RadioSelect)
    more = forms.ChoiceField(
        label="Dużo", choices=tuple((str(n), str(n)) for n in range(5)), widget=forms.RadioSelect
    )
    sure = forms.BooleanField(label="Na pewno", required=False)
    key = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean(self):
        raise forms.ValidationError("Nie tak.")


def test_a_field_has_its_label_above_and_its_hint_and_error_below_and_read_aloud():
    field = shown("{% field form.name 'field--wide' %}", form=Sample({"name": "za długa"}))

    assert '<div class="field field--wide">' in field
    assert '<label for="id_name">Nazwa</label>' in field
    assert 'class="input input--error"' in field
    assert 'aria-describedby="id_name_helptext id_name_error"' in field
    assert '<span class="hint" id="id_name_helptext">Krótka</span>' in field
    assert '<span class="error" id="id_name_error">' in field


def test_few_choices_stand_side_by_side_and_more_below_each_other():
    form = shown("{{ form }}", form=Sample())

    assert form.count('<div class="seg">') == 1
    assert form.count('<div class="choices">') == 1
    assert 'role="radiogroup" aria-labelledby="id_kind_label"' in form
    assert '<label class="check">' in form
    assert form.count('name="key"') == 1


def test_what_is_wrong_with_the_whole_form_stands_above_it():
    form = shown("{{ form }}", form=Sample({"name": "x"}))

    assert form.startswith('<div class="wrong" role="alert"><ul><li>Nie tak.</li></ul></div>')


def test_a_customer_s_numbers_are_called_by_what_they_are():
    line = "{% load customers %}{% for one in systems %}{{ one|number_of }};{% endfor %}"

    assert (
        shown(line, systems=["till", "club", "webshop"]) == "Numer w\u00a0kasie;Karta klubu;Numer (webshop);"
    )
    assert shown(line, "en", systems=["till", "club"]) == "Number at the till;Club card;"
