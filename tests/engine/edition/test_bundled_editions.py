"""The bundled editions: what a company may rely on before it has changed a word of them."""

from __future__ import annotations

from functools import cache

import pytest

from gracja.engine.edition.bundled import bundled_names, bundled_text
from gracja.engine.edition.lint import lint
from gracja.engine.edition.model import ScaleMeasure
from gracja.engine.edition.predicate import Predicate
from gracja.engine.edition.read import read_edition
from gracja.engine.edition.write import write_edition
from gracja.engine.errors import EngineInputError
from gracja.wording import say_error

LANGUAGES = {"pl", "en"}
TRADES = {"contact_centre", "retail_shop", "salon", "car_mechanic"}
WRITTEN_OR_RECORDED = {"phone", "chat", "email", "message", "video"}


@cache
def bundled_edition(name):
    return read_edition(bundled_text(name), file=name).edition


@pytest.fixture(params=bundled_names())
def name(request):
    return request.param


@pytest.fixture
def edition(name):
    return bundled_edition(name)


@pytest.fixture
def standards(edition):
    return [standard for _, _, standard in edition.standards()]


def texts_of(edition):
    """Every text that a person reads, with where it stands."""
    yield "title", edition.title
    for part in edition.sequence:
        yield f"{part.part}: title", part.title
        yield f"{part.part}: customer_does", part.customer_does
        yield f"{part.part}: employee_does", part.employee_does
        for enhancer in part.enhancers:
            yield f"{enhancer.enhancer}: title", enhancer.title
            yield f"{enhancer.enhancer}: evidence", enhancer.evidence
    for _, _, standard in edition.standards():
        yield f"{standard.standard}: behaviour", standard.behaviour
        yield f"{standard.standard}: when", standard.when
        if standard.na_when is not None:
            yield f"{standard.standard}: na_when", standard.na_when
        if isinstance(standard.measure, ScaleMeasure):
            for step, anchor in enumerate(standard.measure.scale):
                yield f"{standard.standard}: step {step}", anchor


def trees_of(edition):
    """Every signal and detector, by name."""
    yield from edition.signals.items()
    for _, _, standard in edition.standards():
        if isinstance(standard.detect, Predicate):
            yield standard.standard, standard.detect


def test_there_is_an_edition_for_each_trade():
    assert set(bundled_names()) >= TRADES


def test_an_unknown_edition_is_refused_with_the_names_that_exist():
    with pytest.raises(EngineInputError) as refused:
        bundled_text("shipyard")

    assert refused.value.code == "edition_not_bundled"
    assert refused.value.facts == {"name": "shipyard", "known": bundled_names()}
    assert all("shipyard" in say_error(refused.value, language) for language in LANGUAGES)


def test_the_id_is_the_name_of_the_file(name, edition):
    assert (edition.id, edition.version) == (name, 1)


def test_nothing_changes_when_it_is_read_and_written_back(name):
    text = bundled_text(name)
    assert write_edition(read_edition(text)) == text


def test_the_linter_has_nothing_to_say_about_it(name):
    findings = lint(read_edition(bundled_text(name), file=name))
    assert [(finding.code, str(finding.where), finding.quote) for finding in findings] == []


def test_it_has_a_sequence_of_some_parts_and_enough_standards(edition, standards):
    assert 4 <= len(edition.sequence) <= 8
    assert 15 <= len(standards) <= 30


def test_everything_that_people_read_is_there_in_both_languages(edition):
    missing = [
        place for place, text in texts_of(edition) if not isinstance(text, dict) or set(text) != LANGUAGES
    ]
    assert missing == []


def test_the_service_names_its_occupation(edition):
    assert edition.service.occupation is not None


def test_every_part_has_an_enhancer_and_every_enhancer_a_standard(edition):
    assert all(part.enhancers for part in edition.sequence)
    assert all(enhancer.standards for part in edition.sequence for enhancer in part.enhancers)


def test_the_evidence_says_that_it_is_an_assumption_to_be_checked(edition):
    evidence = [enhancer.evidence for part in edition.sequence for enhancer in part.enhancers]
    unmarked = [
        text
        for text in evidence
        if not (text["pl"].startswith("Założenie:") and text["en"].startswith("Assumption:"))
    ]
    assert unmarked == []
    assert len({text["pl"] for text in evidence}) == len(evidence)  # none is copied from another


def test_there_are_standards_for_both_ends_of_the_dial(standards):
    modes = [standard.service_mode for standard in standards]
    assert modes.count("discreet") >= 2
    assert modes.count("personal") >= 2


def test_an_initiative_is_possible_in_two_parts(edition):
    parts = {part.part for part, _, standard in edition.standards() if standard.rung == "initiative"}
    assert len(parts) >= 2


def test_few_standards_are_critical_and_those_weigh_much(standards):
    critical = [standard for standard in standards if standard.critical]
    assert 1 <= len(critical) <= 5
    assert {standard.rung for standard in critical} == {"base"}
    assert min(standard.weight for standard in critical) >= 7


def test_what_is_written_or_recorded_is_detected_unless_a_person_must_judge_it(standards):
    undetected = [
        standard.standard
        for standard in standards
        if WRITTEN_OR_RECORDED & set(standard.channels)
        and standard.detect == "none"
        and not isinstance(standard.measure, ScaleMeasure)
        and standard.na_when is None
    ]
    assert undetected == []


def test_what_happens_only_in_person_is_left_to_people(standards):
    in_person = [standard for standard in standards if set(standard.channels) == {"in_person"}]
    assert {standard.detect for standard in in_person} <= {"none"}


def test_every_list_of_phrases_has_both_languages(edition):
    lacking = [
        name
        for name, tree in trees_of(edition)
        for node in tree.nodes()
        for phrases in (node.agent_says, node.customer_says)
        if phrases not in (None, ["*"]) and (not isinstance(phrases, dict) or set(phrases) != LANGUAGES)
    ]
    assert lacking == []


def test_no_phrase_stands_twice_in_a_list(edition):
    twice = [
        (name, phrase)
        for name, tree in trees_of(edition)
        for node in tree.nodes()
        for phrases in (node.agent_says, node.customer_says)
        if isinstance(phrases, dict)
        for several in phrases.values()
        for phrase in several
        if several.count(phrase) > 1
    ]
    assert twice == []


def test_every_signal_is_used(edition):
    named = {target for _, tree in trees_of(edition) for node in tree.nodes() for _, target in node.names}
    assert set(edition.signals) - named - {edition.new_segment_at} == set()


def test_only_where_a_gift_could_look_like_a_payment_gestures_are_forbidden():
    forbidding = {name for name in bundled_names() if not bundled_edition(name).allows_gestures}

    assert forbidding == {"public_office", "medical_practice"}


def test_it_says_where_a_contact_begins_and_ends_and_in_which_channels(edition, standards):
    service = edition.service

    assert {*service.begins} == {*service.ends} == LANGUAGES
    assert set(service.channels) == {one for standard in standards for one in standard.channels}
