"""The edition document: what is right comes back as it was, what is wrong is said at once, with its place."""

import json
import re
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from gracja.engine.documents.tree import yaml_loader
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.read import read_edition
from gracja.engine.edition.schema import edition_schema
from gracja.engine.edition.write import edition_digest, write_edition
from gracja.engine.errors import EngineInputError, ManyInputErrors
from gracja.wording import LANGUAGES, say_error
from gracja.wording.sentences import CATALOGUES, catalogue

SALON = (Path(__file__).parent / "salon.yaml").read_text(encoding="utf-8")
SCHEMA = Path(__file__).parents[3] / "docs" / "edition.schema.json"


def wrong(text: str) -> list[EngineInputError]:
    with pytest.raises(ManyInputErrors) as raised:
        read_edition(text, file="salon.yaml")
    return raised.value.errors


def faults(text: str) -> list[EngineInputError]:
    """What the reader says against a text; nothing, where it reads it."""
    try:
        read_edition(text, file="salon.yaml")
    except ManyInputErrors as error:
        return error.errors
    return []


def changed(old: str, new: str) -> str:
    assert old in SALON
    return SALON.replace(old, new, 1)


class TestWhatIsRight:
    def test_every_field_of_the_example_is_read(self):
        edition = read_edition(SALON).edition
        greet, offer, reach = [standard for _, _, standard in edition.standards()]
        assert (edition.name, edition.service.kind, edition.aspire.exceptional) == (
            "salon@3",
            "relationship",
            0.05,
        )
        assert (greet.weight, greet.detect.where.first, reach.detect) == (2, 2, "none")
        assert offer.service_mode == "personal"
        assert edition.signals["complains"].customer_says["pl"][0] == "~reklamacja"

    def test_read_and_written_it_is_the_same_text_comments_included(self):
        assert write_edition(read_edition(SALON)) == SALON

    def test_an_edition_that_says_nothing_of_gestures_allows_them_and_keeps_its_digest(self):
        edition = read_edition(SALON).edition
        forbidding = read_edition(changed("\nservice:", "\ngestures: forbidden\nservice:")).edition

        assert (edition.allows_gestures, forbidding.allows_gestures) == (True, False)
        assert edition_digest(edition).startswith("85efb8b41b380ddb")  # as before the field was there
        assert edition_digest(edition) != edition_digest(forbidding)

    def test_a_changed_edition_keeps_the_comments_of_what_did_not_change(self):
        document = read_edition(SALON)
        written = write_edition(document, document.edition.model_copy(update={"version": 4}))
        assert read_edition(written).edition.version == 4
        assert "# our salon" in written
        assert "# most said this" in written

    def test_a_removed_standard_is_gone_and_the_others_stay_as_they_were(self):
        document = read_edition(SALON)
        part = document.edition.sequence[0]
        enhancer = part.enhancers[0].model_copy(update={"standards": part.enhancers[0].standards[1:]})
        less = document.edition.model_copy(
            update={"sequence": [part.model_copy(update={"enhancers": [enhancer]})]}
        )
        assert read_edition(write_edition(document, less)).edition == less

    def test_the_digest_is_of_the_content_not_of_comments_or_layout(self):
        plain = re.sub(r"\s+#.*", "", SALON)
        assert edition_digest(read_edition(plain).edition) == edition_digest(read_edition(SALON).edition)
        other = read_edition(changed("weight: 2", "weight: 3")).edition
        assert edition_digest(other) != edition_digest(read_edition(SALON).edition)

    def test_the_committed_json_schema_is_current(self):
        assert json.loads(SCHEMA.read_text(encoding="utf-8")) == edition_schema()

    def test_the_json_schema_accepts_the_example_and_refuses_an_unknown_field(self):
        validator = Draft202012Validator(edition_schema())
        document = yaml_loader().load(SALON)
        document["effective_from"] = str(document["effective_from"])
        assert list(validator.iter_errors(document)) == []
        document["sequence"][0]["colour"] = "green"
        assert list(validator.iter_errors(document))


class TestWhatIsWrong:
    @pytest.mark.parametrize(
        ("old", "new", "code", "line", "field"),
        [
            ("version: 3", "version: three", "field_type", 4, "version"),
            ("version: 3", "version: 0", "field_range", 4, "version"),
            ("id: salon", "id: Mój salon", "field_pattern", 3, "id"),
            ("kind: relationship", "kind: long", "field_choice", 7, "service.kind"),
            ("base: 0.85", "base: 85", "field_range", 8, "aspire.base"),
            ("weight: 2", "wieght: 2", "field_unknown", 26, "sequence[0].enhancers[0].standards[0].wieght"),
            ("channels: [in_person, phone, chat]", "channels: []", "field_too_short", 22, None),
            ('"nie działa"', '"nie {2..1} działa"', "phrase_gap_range", 10, None),
            ('"nie działa"', '"{colour}"', "phrase_slot_unknown", 10, None),
            ('"nie działa"', '"{0..2} działa"', "phrase_gap_at_edge", 10, None),
            ('"nie działa"', '"dzi*ła"', "phrase_star_inside", 10, None),
            ('"nie działa"', '"~dział*"', "phrase_lemma_star", 10, None),
            ('"nie działa"', '"!?"', "phrase_symbol", 10, None),
            ('"nie działa"', '" "', "phrase_empty", 10, None),
            ("first: 2, of: agent", "of: agent", "where_needs_first_or_last", 30, None),
            ("first: 2, of: agent", "first: 2, last: 1", "where_needs_first_or_last", 30, None),
            ("where: {first: 2, of: agent}", "after: nobody", "reference_unknown", 30, None),
            ("where: {first: 2, of: agent}", "each: offer_help", "reference_unknown", 30, None),
            ("where: {first: 2, of: agent}", "within_turns: 2", "limit_without_start", 28, None),
            ("where: {first: 2, of: agent}", "customer_says: [a]", "predicate_needs_one_kind", 28, None),
            ("where: {first: 2, of: agent}", "after: greet", "reference_circle", 28, None),
            (
                "measure: yes_no             #",
                "measure: {seconds_at_most: 9} #",
                "seconds_need_timed",
                28,
                None,
            ),
            ("measure: yes_no             #", "measure: {scale: [a, b]} #", "detect_on_scale", 28, None),
            ("where: {first: 2, of: agent}", "after: within_reach", "reference_undetected", 30, None),
            (
                "signals:\n",
                "signals:\n  other: {customer_says: [a], each: complains}\n",
                "each_below_top",
                10,
                None,
            ),
            ("standard: within_reach", "standard: greet", "id_twice", 39, None),
            ("standard: within_reach", "standard: complains", "name_both", 39, None),
            ("en: Hair salon", "en: ", "text_needs_quotes", 6, None),
        ],
    )
    def test_a_fault_is_named_with_its_line_and_field(self, old, new, code, line, field):
        (error, *_) = wrong(changed(old, new))
        assert (error.code, error.where.file, error.where.line) == (code, "salon.yaml", line)
        assert error.where.column >= 1
        if field:
            assert error.where.field == field

    def test_each_with_a_count_is_refused(self):
        text = changed("where: {first: 2, of: agent}", "each: complains")
        errors = wrong(text.replace("measure: yes_no             #", "measure: {count_at_least: 2} #"))
        assert [error.code for error in errors] == ["each_with_count"]

    def test_waiting_for_something_that_stands_nowhere_is_refused(self):
        text = changed("signals:\n", "signals:\n  never: {not: {agent_says: [a]}}\n")
        (error,) = wrong(text.replace("where: {first: 2, of: agent}", "after: never"))
        assert (error.code, error.facts["kind"]) == ("reference_without_hits", "not")

    def test_aliases_that_multiply_are_refused_before_they_fill_the_memory(self):
        lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
        lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
        assert [error.code for error in wrong("\n".join(lines))] == ["edition_too_branched"]

    def test_all_faults_come_at_once_in_the_order_of_the_file(self):
        text = (
            changed("version: 3", "version: x")
            .replace("weight: 2", "weight: 20")
            .replace("kind: rel", "kind: x")
        )
        errors = wrong(text)
        assert [error.code for error in errors] == ["field_type", "field_choice", "field_range"]
        assert [error.where.line for error in errors] == sorted(error.where.line for error in errors)

    def test_a_circle_through_a_signal_is_found(self):
        text = changed("signals:\n", "signals:\n  s: {agent_says: [a], after: greet}\n").replace(
            "where: {first: 2, of: agent}", "before: s"
        )
        (error,) = wrong(text)
        assert error.code == "reference_circle"
        assert error.facts["path"] in ("greet -> s -> greet", "s -> greet -> s")

    @pytest.mark.parametrize(
        ("text", "code"),
        [
            ("", "edition_empty"),
            ("- a\n- b", "edition_empty"),
            ("a: [1, 2", "yaml_bracket_open"),
            ("a: {x: 1", "yaml_bracket_open"),
            ("a: b: c", "yaml_colon"),
            ("key\nother: 2", "yaml_colon"),
            ("\ta: 1", "yaml_tab"),
            ("a: @x", "yaml_sign"),
            ("a: %x", "yaml_sign"),
            ("a: 'x", "yaml_quote_open"),
            ('a: "x', "yaml_quote_open"),
            ("a: 'b' c", "yaml_out_of_line"),
            ("a:\n  - x\n y: 1", "yaml_out_of_line"),
            ("a: *b", "yaml_alias"),
            ('a: "x\\q"', "yaml_escape"),
            ("a: 2026-13-45", "yaml_date"),
            ("a: b\n---\nc: d", "yaml_two_documents"),
            ("a: |x\n b", "yaml_broken"),
            ("a: 1\na: 2", "yaml_key_twice"),
            ("\x00", "yaml_control"),
            ("a: !!python/object:os.system x", "field_missing"),
        ],
    )
    def test_what_is_no_edition_at_all_is_said(self, text, code):
        errors = wrong(text)
        assert code in {error.code for error in errors}
        assert all(say_error(error, lang) for error in errors for lang in LANGUAGES)

    @pytest.mark.parametrize("lang", LANGUAGES)
    def test_a_fault_is_said_in_words_with_its_place(self, lang):
        (error,) = wrong(changed("kind: relationship", "kind: long"))
        sentence = say_error(error, lang)
        assert sentence.startswith("salon.yaml:7:11, ")
        assert "long" in sentence
        assert "relationship" in sentence

    @given(st.text(max_size=200))
    def test_no_text_makes_the_reader_fail_otherwise(self, text):
        assert all(say_error(error, lang) for error in faults(text) for lang in LANGUAGES)

    @settings(max_examples=200)
    @given(st.data())
    def test_a_damaged_line_is_read_or_said_with_its_place(self, data):
        lines = SALON.splitlines()
        at = data.draw(st.integers(0, len(lines) - 1))
        junk = ["", "x", "]", "  - 1", "a: {", "null", "'", "*x", "- standard: 5", "&a [*a]"]
        lines[at] = data.draw(st.sampled_from(junk))
        found = faults("\n".join(lines))
        assert all(error.where.file == "salon.yaml" for error in found)
        assert all(say_error(error, lang) for error in found for lang in LANGUAGES)


def test_every_sentence_stands_in_both_languages_with_the_same_facts():
    for area in CATALOGUES:
        for key, sentences in catalogue(area).items():
            assert set(sentences) == set(LANGUAGES), (area, key)
            if key.endswith("_explain"):
                continue  # shows YAML with braces: text, not a template
            facts = [
                {name for _, name, _, _ in Formatter().parse(text) if name} for text in sentences.values()
            ]
            assert facts[0] == facts[1], (area, key)


def test_a_predicate_knows_its_kind_and_what_it_names():
    node = Predicate.model_validate({"not": {"agent_says": ["a"]}, "after": "x", "applies_if": "y"})
    assert (node.kind, node.names) == ("not", [("after", "x"), ("applies_if", "y")])
