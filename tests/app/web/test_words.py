"""Both languages are whole: what the pages say in English they say in Polish."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest
from babel.messages.catalog import Message
from django import forms
from django.template import Context, Template
from django.utils import translation
from django.utils.dates import MONTHS, WEEKDAYS

from gracja.app.web.catalog import WEB, compile_into, read

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def messages():
    spec = importlib.util.spec_from_file_location("messages", ROOT / "scripts" / "messages.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_catalog_is_current_and_whole(messages, capsys):
    left = messages.main(["--check"])

    assert not left, capsys.readouterr().out


@pytest.mark.parametrize(
    ("english", "polish", "fault"),
    [
        ("Save", "", ["untranslated"]),
        ("Save %(name)s", "Zapisz %(name)s", []),
        ("Save %(name)s", "Zapisz", ["placeholders: none for name"]),
        ("Save {n}", "Zapisz {m}", ["placeholders: m for n"]),
        ("<b>Save</b>", "Zapisz", ["tags differ"]),
        (("one visit", "%(n)s visits"), ("wizyta", "%(n)s wizyty"), ["untranslated"]),
        (("one visit", "%(n)s visits"), ("jedna wizyta", "%(n)s wizyty", "%(n)s wizyt"), []),
        (
            ("one visit", "%(n)s visits"),
            ("jedna", "%(n)s wizyty", "wiele wizyt"),
            ["placeholders: none for n"],
        ),
    ],
)
def test_a_translation_that_loses_something_is_a_fault(messages, english, polish, fault):
    assert list(messages.faults(Message(english, polish))) == fault


def test_what_django_says_is_whole_in_our_words(messages):
    polish = [message for message in read(WEB / "theirs.pl.po") if message.id]

    assert polish
    assert [(message.id, fault) for message in polish for fault in messages.faults(message)] == []


def test_strings_of_templates_and_of_python_are_found(messages, tmp_path):
    page = tmp_path / "page.html"
    page.write_text(
        '  {% translate "Save" %}\n {% blocktranslate count n=n %}{{ n }} visit{% plural %}{{ n }} visits'
        '{% endblocktranslate %}\n   {% include "x" with title=_("Visits") %}'
        '{% translate "May" context "may" %}',
        encoding="utf-8",
    )
    code = tmp_path / "code.py"
    code.write_text('_("Delete")\npgettext_lazy("month", "May")\n', encoding="utf-8")

    found = {(message.id, message.context) for message in messages.said_in([page, code]) if message.id}

    assert found == {
        ("Save", None),
        (("%(n)s visit", "%(n)s visits"), None),
        ("Visits", None),
        ("May", "may"),
        ("Delete", None),
        ("May", "month"),
    }


PO = """msgid ""
msgstr ""
"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\\n"
"Content-Type: text/plain; charset=utf-8\\n"

msgid "In the salon"
msgstr "W salonie i z klientem"

#, python-format
msgid "%(n)s visit"
msgid_plural "%(n)s visits"
msgstr[0] "%(n)s wizyta"
msgstr[1] "%(n)s wizyty"
msgstr[2] "%(n)s wizyt"
"""


@pytest.fixture
def compiled(tmp_path):
    web, locale = tmp_path / "web", tmp_path / "locale"
    (web / "visits").mkdir(parents=True)
    (web / "visits" / "pl.po").write_text(PO, encoding="utf-8")
    assert compile_into(locale, web)
    return web, locale


def test_catalogs_are_compiled_once_and_again_when_they_changed(compiled):
    web, locale = compiled

    assert not compile_into(locale, web)
    (web / "visits" / "pl.po").write_text(PO.replace("W salonie", "U nas"), encoding="utf-8")
    assert compile_into(locale, web)
    made = sorted(str(path.relative_to(locale)) for path in locale.rglob("*") if path.is_file())
    assert made == ["digest", "pl/LC_MESSAGES/django.mo"]


@pytest.mark.parametrize(("n", "said"), [(1, "1 wizyta"), (2, "2 wizyty"), (5, "5 wizyt"), (22, "22 wizyty")])
def test_polish_counts_as_poles_do_and_keeps_its_small_words_on_the_line(compiled, n, said):
    import gettext

    _, locale = compiled
    polish = gettext.translation("django", locale, ["pl"])

    assert polish.gettext("In the salon") == "W\u00a0salonie i\u00a0z\u00a0klientem"
    assert polish.ngettext("%(n)s visit", "%(n)s visits", n) % {"n": n} == said.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("pl", ["Uzupełnij to pole.", "Wpisz 5 albo więcej.", "Skróć do 2 znaków; teraz jest 3."]),
        ("en", ["Fill this in.", "Enter 5 or more.", "Shorten this to 2 characters; it has 3."]),
    ],
)
def test_a_field_says_what_to_do(language, said):
    class Form(forms.Form):
        name = forms.CharField()
        count = forms.IntegerField(min_value=5)
        short = forms.CharField(max_length=2)

    with translation.override(language):
        errors = [
            error for errors in Form({"count": "1", "short": "abc"}).errors.values() for error in errors
        ]

    assert [error.replace("\u00a0", " ") for error in errors] == said


def test_pages_speak_the_language_asked_for():
    page = Template("{% translate 'Our standards' %}")

    with translation.override("pl"):
        polish = page.render(Context())
    with translation.override("en"):
        english = page.render(Context())

    assert (polish, english) == ("Nasze standardy", "Our standards")


def test_no_word_of_ours_renames_a_month_or_a_day():
    with translation.override("pl"):
        months = [str(one).lower() for one in MONTHS.values()]
        days = [str(one).lower() for one in WEEKDAYS.values()]

    assert months[4:6] == ["maj", "czerwiec"]
    assert (len(set(months)), len(set(days)), days[0]) == (12, 7, "poniedziałek")
