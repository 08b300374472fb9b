"""Findings as text, JSON and GitHub annotations, in both languages."""

from __future__ import annotations

import json

import pytest

from gracja.cli.lint_output import as_github, as_json, as_text, exit_code, explain, unknown_code
from gracja.engine.edition.lint import Finding
from gracja.engine.errors import Where

VAGUE = Finding(
    code="GR101",
    severity="error",
    where=Where("moje, wydanie: 100%.yaml", 21, 15, "sequence[0].enhancers[0].standards[0].behaviour.pl"),
    path=("sequence", 0, "enhancers", 0, "standards", 0, "behaviour", "pl"),
    language="pl",
    quote="miły",
    spans=((5, 9),),
    reason="no_behaviour",
    facts={"words": ["miły"]},
    rewording="Uśmiecha się, gdy klient podchodzi",
)
WHY = "„miły” to ocena, a poza nią nic tu nie widać ani nie słychać."
SMILE = Finding(
    code="GR301",
    severity="warning",
    where=Where("salon.yaml", 30, 15, "behaviour"),
    path=("behaviour",),
    language="en",
    quote="Smiles",
    facts={"channels": ["phone", "chat"]},
    rewording="channels: [in_person]\nchannels: [video]",
)


def test_text_shows_place_code_reason_remedy_and_rewording():
    text = as_text([VAGUE], "pl")
    assert text.split("\n") == [
        "moje, wydanie: 100%.yaml:21:15, pole sequence[0].enhancers[0].standards[0].behaviour.pl",
        "  GR101 błąd: Dwie osoby zaznaczą tu co innego",
        f"  {WHY} Napisz, co widać albo słychać, a ocenę skreśl.",
        "  Na przykład: Uśmiecha się, gdy klient podchodzi",
        "",
        "1 błąd i 0 ostrzeżeń. O kod zapytasz przez `gracja lint --explain GR101`.",
    ]


def test_channels_are_written_in_the_readers_language():
    assert "telefon, czat" in as_text([SMILE], "pl")
    assert "phone, chat" in as_text([SMILE], "en")


@pytest.mark.parametrize(("lang", "said"), [("pl", "Nie ma czego poprawiać."), ("en", "Nothing to improve.")])
def test_no_findings_is_said_in_words(lang, said):
    assert as_text([], lang) == said


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 błąd i"), (2, "2 błędy i"), (5, "5 błędów i"), (22, "22 błędy i")]
)
def test_errors_are_counted_in_right_polish(count, said):
    assert said in as_text([VAGUE] * count, "pl")


def test_json_carries_codes_facts_and_sentences():
    (one,) = json.loads(as_json([VAGUE], "en"))
    assert (one["code"], one["rule"], one["line"], one["column"]) == ("GR101", "vague_wording", 21, 15)
    assert (one["facts"], one["spans"]) == ({"words": ["miły"]}, [[5, 9]])
    assert one["title"] == "Two people will mark this differently"


def test_a_github_annotation_escapes_what_would_end_it():
    line = as_github([VAGUE], "pl")
    assert line.startswith("::error file=moje%2C wydanie%3A 100%25.yaml,line=21,col=15,title=GR101 Dwie")
    assert "osoby zaznaczą tu co innego::„miły” to ocena" in line
    assert line.count("\n") == 0


def test_a_rewording_of_two_lines_stays_one_annotation():
    assert "%0Achannels: [in_person]%0Achannels: [video]" in as_github([SMILE], "en")
    assert as_github([SMILE, VAGUE], "en").count("\n") == 1


def test_a_finding_without_a_file_has_no_file_property():
    placeless = Finding(code="GR206", severity="warning", where=Where(), path=())
    assert as_github([placeless], "en").startswith("::warning title=GR206")


def test_only_errors_fail_the_command():
    assert exit_code([]) == 0
    assert exit_code([SMILE]) == 0
    assert exit_code([SMILE, VAGUE]) == 1


def test_an_explanation_keeps_its_braces():
    assert "measure: {seconds_at_most: 20}" in explain("GR104", "pl")


def test_an_unknown_code_names_the_known_ones():
    with pytest.raises(KeyError):
        explain("GR999", "en")
    assert "GR999" in unknown_code("GR999", "pl")
    assert "GR101" in unknown_code("GR999", "pl")
