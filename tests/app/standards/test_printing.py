"""Handbook and posters: everything that the edition says is in them, and nothing else happens."""

from __future__ import annotations

import json
import time

import pytest
from django.utils import translation
from pdf_text import text_of

from gracja.app.home import home
from gracja.app.standards.printing.content import content
from gracja.app.standards.printing.press import pages, printed
from gracja.app.standards.telling import runs
from gracja.engine.edition.bundled import bundled_names, bundled_text
from gracja.engine.edition.read import read_edition
from gracja.engine.edition.texts import in_language

COLD_SECONDS = 2.0


def edition(name="salon"):
    return read_edition(bundled_text(name)).edition


def squeezed(text):
    """A PDF has no blanks where lines break, and one letter where f and i meet."""
    return "".join(text.split())


@pytest.mark.parametrize("lang", ["pl", "en"])
@pytest.mark.parametrize("name", bundled_names())
def test_the_booklet_holds_every_part_standard_and_situation(name, lang):
    document = edition(name)

    said = text_of(printed("handbook", content(document, company="Salony Gracja", lang=lang)))

    for part, enhancer, standard in document.standards():
        for text in (part.title, enhancer.title, standard.behaviour, standard.when):
            assert text is None or squeezed(in_language(text, lang)) in said


def test_examples_of_good_and_bad_are_in_the_booklet():
    said = text_of(printed("handbook", content(edition(), company="Salony Gracja", lang="pl")))

    assert squeezed("„Strzyżenie z modelowaniem: od 120 do 150 złotych”") in said
    assert squeezed("Kwota pada dopiero przy kasie") in said


@pytest.mark.parametrize("paper", ["a4", "a3"])
def test_a_poster_is_one_page_with_its_part_alone(paper):
    document = edition()
    data = content(document, company="Salony Gracja", lang="en")
    for part in document.sequence:
        sheets = pages("poster", {"data": json.dumps(data), "part": part.part, "paper": paper}, "png", ppi=20)
        assert isinstance(sheets, bytes)  # one page; several would be a list

    said = text_of(printed("poster", data, part="booking", paper=paper))

    assert squeezed("Replies within 60 minutes") in said
    assert squeezed("Charges the amount stated before the wash") not in said


def test_what_people_type_never_becomes_markup():
    hostile = '#read("/etc/passwd") $x$ *bold* _it_ `raw` @ref <label> \\ #import "x" \'"}{[]'
    document = edition().model_copy(update={"title": hostile})

    said = text_of(printed("handbook", content(document, company="= #panic()", lang="en")))

    assert squeezed(hostile) in said
    assert squeezed("= #panic()") in said


def test_what_is_printed_again_comes_from_the_cache():
    data = content(edition(), company="Pierwsza", lang="pl")
    first = printed("handbook", data)
    kept = len(list((home() / "cache" / "print").glob("*.pdf")))

    assert printed("handbook", data) == first
    assert len(list((home() / "cache" / "print").glob("*.pdf"))) == kept
    printed("handbook", content(edition(), company="Druga", lang="pl"))
    assert len(list((home() / "cache" / "print").glob("*.pdf"))) == kept + 1


def test_a_booklet_is_quick():
    printed("handbook", content(edition(), company="Na rozgrzewkę", lang="pl"))  # unpacks the fonts

    begun = time.process_time()
    printed("handbook", content(edition("contact_centre"), company="Na czas", lang="pl"))

    assert time.process_time() - begun < COLD_SECONDS  # of one core, whatever else runs


def test_the_index_goes_by_the_alphabet_of_its_language():
    with translation.override("pl"):
        letters = [row["key"] for row in content(edition(), company="", lang="pl")["index"]]

    assert letters == sorted(letters)


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        (
            "Pyta: „Co zmieniamy?” i czeka",
            [("Pyta: ", False), ("„Co zmieniamy?”", True), (" i czeka", False)],
        ),
        ("Says “Good morning”", [("Says ", False), ("“Good morning”", True)]),
        ("Nic nie mówi", [("Nic nie mówi", False)]),
    ],
)
def test_words_in_quotes_are_spoken(text, cut):
    assert [(run.text, run.said) for run in runs(text)] == cut
