"""What holds for all rules: order, places, words in both languages, and never an exception."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gracja.cli.lint_output import as_github, as_json, as_text, explain, remedy, why
from gracja.engine.edition.bundled import bundled_names, bundled_text
from gracja.engine.edition.lint import RULES, lint
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import ManyInputErrors
from gracja.wording.sentences import LANGUAGES, catalogue

SALON = (Path(__file__).parents[1] / "salon.yaml").read_text(encoding="utf-8")
DOCUMENT = read_edition(SALON)


def test_codes_and_names_are_unique_and_lasting():
    assert len({rule.name for rule in RULES.values()}) == len(RULES)
    assert list(RULES) == sorted(RULES)


@pytest.mark.parametrize("code", RULES)
@pytest.mark.parametrize("kind", ["title", "remedy", "explain"])
def test_every_code_has_its_words_in_both_languages(code, kind):
    assert set(catalogue("lint")[f"{code}_{kind}"]) == set(LANGUAGES)


@pytest.mark.parametrize("code", RULES)
def test_every_code_says_why_in_both_languages(code):
    reasons = [key for key in catalogue("lint") if key.startswith(f"{code}_what")]
    assert reasons
    assert all(set(catalogue("lint")[key]) == set(LANGUAGES) for key in reasons)


@pytest.mark.parametrize("code", RULES)
def test_every_explanation_shows_a_bad_and_a_good_example(code):
    polish, english = explain(code, "pl"), explain(code, "en")
    assert polish.startswith(code)
    assert "Zamiast:" in polish
    assert "\nNapisz" in polish
    assert "Instead of:" in english
    assert "\nWrite" in english


def test_findings_come_in_the_order_of_the_file(page, lang):
    text = {"pl": "Szybko i miło wita klienta i podaje kartę", "en": "Quickly and nicely greets and asks"}
    page.behaviour(text[lang]).when("zawsze" if lang == "pl" else "always").spoil("~", "~x")
    lines = [(finding.where.line, finding.where.column) for finding in page.findings()]
    assert len(lines) > 3
    assert lines == sorted(lines)


@pytest.mark.parametrize("name", bundled_names())
def test_a_bundled_edition_has_no_errors(name):
    found = lint(read_edition(bundled_text(name), file=name))
    assert not [finding for finding in found if finding.severity == "error"]


def test_thirty_standards_are_linted_within_a_second():
    document = read_edition(bundled_text("contact_centre"))
    assert sum(1 for _ in document.edition.standards()) >= 30
    lint(document)  # dictionaries load once
    start = time.perf_counter()
    lint(document)
    assert time.perf_counter() - start < 1


WORDS = st.sampled_from(
    [
        "wita",
        "i",
        "uprzejmie,",
        "miło",
        "gdy",
        "klient",
        "„dzień",
        "dobry”",
        "z",
        "szacunkiem",
        "szybko",
        "kilka",
        "nie",
        "jest",
        "oraz",
        ":",
        "po",
        "czym",
        "~",
        "*",
        "w",
        "sposób",
        "greets",
        "and",
        "politely,",
        "nicely",
        "when",
        "customer",
        "“hello”",
        "with",
        "respect",
        "quickly",
        "few",
        "not",
        "is",
        "then",
        "a",
        "an",
        "the",
        "in",
        "manner",
        "who",
        "that",
        "zażółć",
        "ł́",
        "é",
        "İ",
        "ß",
        "🙂",
        "12",
        "—",
        "(",
        ")",
        "\xa0",
        "''",
        "«a».",
    ]
)
SENTENCES = st.one_of(
    st.text(min_size=1, max_size=80), st.lists(WORDS, min_size=1, max_size=14).map(" ".join)
)


@settings(max_examples=150, deadline=None)
@given(SENTENCES, SENTENCES, st.sampled_from(["pl", "en", "de"]))
def test_any_text_can_be_linted_and_told(behaviour, when, language):
    document = DOCUMENT
    part = document.edition.sequence[0]
    enhancer = part.enhancers[0]
    changed = enhancer.standards[0].model_copy(
        update={"behaviour": {language: behaviour}, "when": {language: when}}
    )
    enhancers = [enhancer.model_copy(update={"standards": [changed, changed, *enhancer.standards[1:]]})]
    sequence = [part.model_copy(update={"enhancers": enhancers}), *document.edition.sequence[1:]]
    edition = document.edition.model_copy(update={"sequence": sequence})
    findings = lint(type(document)(edition, document.tree, "salon.yaml"))
    assert codes_in_order(findings) <= set(RULES)
    told(findings)


@settings(max_examples=120, deadline=None)
@given(st.data())
def test_any_edition_that_can_be_read_can_be_linted(data):
    """Lines of the sample left out, doubled or with a value changed; what is still readable is linted."""
    lines = SALON.split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(lines) - 1))
        act = data.draw(st.sampled_from(["drop", "double", "value"]))
        if act == "drop":
            del lines[at]
        elif act == "double":
            lines.insert(at, lines[at])
        else:
            key, colon, _ = lines[at].partition(": ")
            value = data.draw(
                st.sampled_from(["none", "yes_no", "[phone]", "'*'", "{pl: x}", "3", "complains"])
            )
            lines[at] = f"{key}{colon}{value}" if colon else lines[at]
    try:
        document = read_edition("\n".join(lines), file="x.yaml")
    except ManyInputErrors:
        return
    findings = lint(document)
    assert codes_in_order(findings) <= set(RULES)
    assert all(finding.where.line <= len(lines) for finding in findings)
    told(findings)


def codes_in_order(findings):
    """The codes of findings that stand in the order of the file."""
    places = [(finding.where.line, finding.where.column) for finding in findings]
    assert places == sorted(places)
    return {finding.code for finding in findings}


def told(findings):
    for lang in LANGUAGES:
        assert as_text(findings, lang)
        assert as_json(findings, lang)
        assert as_github(findings, lang).count("\n") == max(len(findings) - 1, 0)
        for finding in findings:
            assert why(finding, lang)
            assert remedy(finding, lang)
