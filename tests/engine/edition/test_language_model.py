"""A question to a language model in an edition: where it may stand, and the permission that it needs."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from gracja.engine.edition.lint import lint
from gracja.engine.edition.read import read_edition
from gracja.engine.edition.schema import edition_schema
from gracja.engine.edition.write import as_plain, edition_digest, write_edition
from gracja.engine.errors import ManyInputErrors
from gracja.wording import LANGUAGES, say_error

SALON = (Path(__file__).parent / "salon.yaml").read_text(encoding="utf-8")
PERMISSION = """\
language_model:  # agreed with the data protection officer
  texts_may_leave_to: "https://llm.example.com/v1"
  model: "m-1"
  prices: {currency: PLN, input_per_million: 0.5, output_per_million: 2}
"""
QUESTION = "judge: {pl: Czy wita klienta?, en: Does the agent greet the customer?}"


def asking(detect: str = f"{{{QUESTION}}}", permission: str = PERMISSION) -> str:
    assert "detect: none" in SALON
    return SALON.replace("detect: none", f"detect: {detect}", 1).replace(
        "signals:\n", f"{permission}signals:\n", 1
    )


def codes(text: str) -> list[str]:
    with pytest.raises(ManyInputErrors) as raised:
        read_edition(text, file="salon.yaml")
    assert all(say_error(error, lang) for error in raised.value.errors for lang in LANGUAGES)
    return [error.code for error in raised.value.errors]


def test_a_question_and_its_permission_are_read_and_written_back_as_they_were():
    document = read_edition(asking())
    *_, asked = [standard for _, _, standard in document.edition.standards()]

    assert (asked.detect.kind, asked.detect.judge["en"]) == ("judge", "Does the agent greet the customer?")
    assert document.edition.language_model.mask_names is True
    assert write_edition(document) == asking()
    again = document.edition.model_copy(update={"version": 9})
    written = write_edition(document, again)
    assert read_edition(written).edition == again
    assert "# agreed with the data protection officer" in written


def test_plain_data_and_the_json_schema_take_the_same_document():
    edition = read_edition(asking()).edition
    plain = json.loads(json.dumps(as_plain(edition), default=str))

    assert list(Draft202012Validator(edition_schema()).iter_errors(plain)) == []
    del plain["effective_from"]  # JSON has no dates
    assert read_edition(json.dumps(plain)).edition.language_model == edition.language_model


def test_a_field_that_is_not_given_leaves_no_trace_in_the_digest():
    edition = read_edition(SALON).edition
    assert edition.language_model is None
    assert edition_digest(edition) != edition_digest(read_edition(asking()).edition)
    assert "language_model" not in as_plain(edition)


@pytest.mark.parametrize(
    ("detect", "code"),
    [
        (f"{{all: [{{{QUESTION}}}]}}", "judge_below_top"),
        (f"{{not: {{{QUESTION}}}}}", "judge_below_top"),
        (f"{{{QUESTION}, within: contact}}", "judge_narrowed"),
        (f"{{{QUESTION}, where: {{first: 1, of: agent}}}}", "judge_narrowed"),
        (f"{{{QUESTION}, each: complains}}", "judge_narrowed"),
        (f"{{{QUESTION}, after: greet}}", "judge_narrowed"),
    ],
)
def test_a_question_stands_alone_at_the_top_of_a_standard(detect, code):
    assert codes(asking(detect)) == [code]


def test_only_the_situation_may_stand_beside_a_question():
    assert read_edition(asking(f"{{{QUESTION}, applies_if: complains}}"))


def test_a_signal_cannot_be_a_question():
    assert codes(SALON.replace("signals:\n", f"signals:\n  s: {{{QUESTION}}}\n")) == ["judge_below_top"]


def test_nothing_waits_for_the_answer_to_a_question():
    text = asking().replace("where: {first: 2, of: agent}", "after: within_reach")
    assert codes(text) == ["reference_without_hits"]


@pytest.mark.parametrize(
    ("measure", "code"),
    [
        ("{count_at_least: 2}", "judge_needs_yes_no"),
        ("{seconds_at_most: 9}", "seconds_need_timed"),
        ("{scale: [a, b]}", "detect_on_scale"),
    ],
)
def test_a_question_is_answered_yes_or_no(measure, code):
    head, tail = asking().rsplit("measure: yes_no", 1)
    assert codes(f"{head}measure: {measure}{tail}") == [code]


@pytest.mark.parametrize(
    "address",
    [
        "llm.example.com/v1",
        "ftp://llm.example.com",
        "https://user:secret@llm.example.com/v1",
        "https://llm.example.com/v1?key=secret",
        "https://llm.example.com/v1#x",
        "https://llm example.com",
        "https://",
    ],
)
def test_an_address_is_a_plain_one_without_a_key_in_it(address):
    assert codes(asking(permission=PERMISSION.replace("https://llm.example.com/v1", address))) == [
        "endpoint_unreadable"
    ]


def test_a_question_without_permission_is_found_by_the_linter_and_one_with_it_is_not():
    (found,) = [one for one in lint(read_edition(asking(permission=""))) if one.code == "GR307"]

    assert (found.quote, found.where.field.split(".")[-1]) == ("within_reach", "judge")
    assert not {"GR307", "GR308"} & {one.code for one in lint(read_edition(asking()))}


def test_names_that_leave_unmasked_are_found_by_the_linter():
    text = asking(permission=PERMISSION + "  mask_names: false\n")
    (found,) = [one for one in lint(read_edition(text)) if one.code == "GR308"]
    assert found.rewording == "mask_names: true"


def test_a_question_in_one_language_of_two_is_found_by_the_linter():
    text = asking("{judge: {pl: Czy wita klienta?}}")
    assert [one for one in lint(read_edition(text)) if one.code == "GR205" and "judge" in one.where.field]
