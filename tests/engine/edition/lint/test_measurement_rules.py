"""Each rule of measurement in both languages: channels, detectors, phrases."""

from __future__ import annotations

import pytest

UNSEEN = [
    ({"pl": "Uśmiecha się do klienta", "en": "Smiles at the customer"}, ["phone"]),
    ({"pl": "Utrzymuje kontakt wzrokowy", "en": "Keeps eye contact"}, ["chat", "email"]),
    ({"pl": "Podaje rękę klientowi", "en": "Shakes hands with the customer"}, ["video"]),
    ({"pl": "Czyta warunki na głos", "en": "Reads the terms out loud"}, ["email", "letter"]),
    ({"pl": "Stoi za ladą", "en": "Stands behind the counter"}, ["phone"]),
]


@pytest.mark.parametrize(("text", "channels"), UNSEEN)
def test_what_cannot_be_observed_in_a_channel_is_found_with_the_channels(page, lang, text, channels):
    (found,) = page.behaviour(text[lang], channels=f"[in_person, {', '.join(channels)}]").found("GR301")
    assert (found.where.line, found.where.column) == page.marked
    assert (found.facts["channels"], found.rewording) == (channels, "channels: [in_person]")


@pytest.mark.parametrize(("text", "channels"), UNSEEN)
def test_in_person_it_can_be_observed(page, lang, text, channels):
    assert not page.behaviour(text[lang], channels="[in_person]").found("GR301")


def test_what_the_customer_does_may_be_visible_only(page, lang):
    text = {"pl": "Odzywa się, gdy klient się uśmiecha", "en": "Speaks when the customer smiles"}
    assert not page.behaviour(text[lang], channels="[in_person, phone]").found("GR301")


def never(page):
    (found,) = page.found("GR302")
    assert (found.where.line, found.where.column) == page.marked
    return found.reason


def test_one_turn_of_two_speakers_never_comes(page):
    page.detect("all: # here\n  - agent_says: [yes]\n  - customer_says: [no]")
    assert never(page) == "two_speakers"


def test_two_speakers_deep_inside_a_tree_are_found_once(page):
    page.detect(
        "any:\n  - agent_says: [so]\n  - all: # here\n      - any: [{agent_says: [a]}, {agent_says: [b]}]\n"
        "      - {system_event: hold}"
    )
    assert never(page) == "two_speakers"


@pytest.mark.parametrize(
    "tree",
    [
        "within: contact\nall: [{agent_says: [yes]}, {customer_says: [no]}]",
        "all: [{agent_says: [yes]}, {not: {customer_says: [no]}}]",
        "all: [{agent_says: [yes]}, {any: [{customer_says: [no]}, {agent_says: [well]}]}]",
        "any: [{agent_says: [yes]}, {customer_says: [no]}]",
    ],
)
def test_two_speakers_of_one_contact_are_fine(page, tree):
    assert not page.detect(tree).found("GR302")


def test_after_and_before_the_same_thing_lies_nothing(page):
    page.detect("agent_says: [yes]\nafter: complains\nbefore: complains # here")
    assert never(page) == "empty_span"


@pytest.mark.parametrize("more", ["within_turns: 3", "each: complains"])
def test_with_a_limit_there_is_time_between_two_complaints(page, more):
    assert not page.detect(f"agent_says: [yes]\nafter: complains\nbefore: complains\n{more}").found("GR302")


def test_phrases_in_no_language_of_the_edition_never_hit(page):
    page.detect("agent_says: # here\n  de: [guten tag]")
    assert never(page) == "no_language"
    assert not page.found("GR303")


def test_two_turns_do_not_hold_three_hits(page):
    page.detect("agent_says: [yes]\nwhere: {first: 2, of: agent} # here").field(
        "measure", "{count_at_least: 3}"
    )
    assert never(page) == "too_many_hits"


def test_a_contact_in_person_leaves_no_transcript(page):
    page.field("channels", "[in_person]").spoil("            detect:", "            detect: # here")
    assert never(page) == "no_transcript"
    assert page.found("GR302")[0].severity == "warning"


def in_both(page, lang):
    """The page's edition, with the other language's words beside its own; which that is."""
    other = "en" if lang == "pl" else "pl"
    for name in ("title:\n", "            behaviour:\n", "            when:\n", "        evidence:\n"):
        indent = " " * (len(name) - len(name.lstrip()) + 2)
        page.spoil(
            name,
            f"{name}{indent}{other}: Dzień dobry\n" if other == "pl" else f"{name}{indent}{other}: Hello\n",
        )
    return other


def test_phrases_that_lack_a_language_of_the_edition_are_found(page, lang):
    other = in_both(page, lang)
    page.spoil("agent_says:", "agent_says: # here")
    marked = [finding for finding in page.found("GR303") if finding.path[0] == "sequence"]
    assert [(f.where.line, f.where.column, f.facts) for f in marked] == [(*page.marked, {"missing": other})]
    assert any(finding.path[0] == "signals" for finding in page.found("GR303"))


def test_a_missing_language_is_found_once_however_many_nodes_lack_it(page, lang):
    other = in_both(page, lang)
    page.detect(f"any:\n  - agent_says:\n      {lang}: [raz]\n  - agent_says:\n      {lang}: [dwa]")

    found = [one.facts for one in page.found("GR303") if one.path[0] == "sequence"]

    assert found == [{"missing": other}]


def test_a_plain_list_of_phrases_serves_every_language(page):
    assert not page.detect("agent_says: [ok]").found("GR303")


@pytest.mark.parametrize(
    ("words", "reason", "proposed"),
    [
        ({"pl": "~reklamacji", "en": "~complaints"}, "form", {"pl": "~reklamacja", "en": "~complaint"}),
        ({"pl": "~reklmacja", "en": "~complaynt"}, "unknown", {"pl": None, "en": None}),
    ],
)
def test_what_is_no_lemma_after_the_tilde_is_found(page, lang, words, reason, proposed):
    page.detect(f"agent_says:\n  {lang}:\n    - moja {words[lang]} # here")
    (found,) = page.found("GR304")
    assert (found.where.line, found.quote, found.reason) == (page.marked[0], words[lang], reason)
    assert (found.rewording, found.spans) == (proposed[lang], ((5, 5 + len(words[lang])),))


def test_a_lemma_is_known_whatever_its_part_of_speech(page, lang):
    lemmas = {"pl": "~przeprosić, ~zadowolony, ~miło, ~rok", "en": "~refund, ~happy, ~be, ~sorry"}
    assert not page.detect(f"agent_says:\n  {lang}: [{lemmas[lang]}]").found("GR304")


def test_a_written_channel_wants_a_decision_about_its_detector(page):
    page.text = page.text[: page.text.index("            detect:")]
    page.field("channels", "[chat]").spoil("standard: greet", "standard: greet # here")
    (found,) = page.findings()
    assert (found.code, found.where.line, found.where.column) == ("GR305", *page.marked)
    page.text += "            detect: none\n"
    assert not page.findings()


def test_a_detector_that_fires_on_anything_is_found(page, lang):
    page.detect(f"agent_says:\n  {lang}:\n    - '*' # here")
    (found,) = page.found("GR306")
    assert (found.where.line, found.quote) == (page.marked[0], "*")


@pytest.mark.parametrize("narrowed", ["before: complains", "where: {first: 1, of: agent}", "each: complains"])
def test_any_word_at_all_is_a_fair_question_in_a_narrow_span(page, narrowed):
    assert not page.detect(f"agent_says: ['*']\n{narrowed}").found("GR306")
