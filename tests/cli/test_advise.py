"""`gracja advise` and `gracja rules`: the dial in the shell."""

from __future__ import annotations

import json

import pytest

KEYS = {
    "dial", "band", "reasons", "do", "hold", "within_reach", "personal_moves", "minutes_if_personal",
    "gestures", "rules",
}  # fmt: skip


def test_a_hurried_regular_in_a_queue_is_served_discreetly(gracja):
    done = gracja(
        *("advise", "--service", "encounter", "--occupation", "cashier", "--state", "hurried"),
        *("--visits", "3", "--queue", "5", "--lang", "pl", "--format", "json"),
    )
    said = json.loads(done.out)

    assert done.code == 0
    assert (said["dial"], said["band"]) == (0, "discreet")
    assert {reason["name"]: reason["points"] for reason in said["reasons"]} == {
        "encounter": 30,
        "cashier": -10,
        "known": 15,
        "hurried": -20,
        "queue": -15,
    }
    assert "Spieszy się, więc najlepszą obsługą jest krótki czas." in [r["text"] for r in said["reasons"]]
    assert said.keys() >= KEYS


def test_an_edition_brings_its_service_and_its_standards(gracja, tmp_path):
    gracja("new", tmp_path / "salon.yaml", "--from", "salon")
    done = gracja("--lang", "en", "advise", "--edition", tmp_path / "salon.yaml", "--format", "json")
    said = json.loads(done.out)

    assert said["band"] == "personal"
    assert any("Greets the customer by name" in line for line in said["do"])


def test_only_gestures_that_fit_the_band_and_the_edition_are_offered(gracja, tmp_path):
    gracja("new", tmp_path / "office.yaml", "--from", "public_office")

    def fitting(*options):
        said = json.loads(gracja("advise", *options, "--format", "json").out)
        return {one["kind"] for one in said["gestures"] if one["fits"]}

    assert fitting("--occupation", "hairdresser") == {"gift", "discount", "covered_cost", "personal_contact"}
    assert fitting("--occupation", "cashier") == {"discount"}
    assert fitting("--edition", tmp_path / "office.yaml") == set()
    assert fitting("--occupation", "hairdresser", "--state", "embittered") == set()


def test_as_text_it_reads_in_both_languages(gracja):
    for lang, words in (("pl", "Wstrzymaj się z tym"), ("en", "Hold back")):
        done = gracja("--lang", lang, "advise", "--occupation", "hairdresser", "--state", "hurried")
        assert done.code == 0
        assert words in done.out


def test_a_company_writes_its_own_rules_and_is_advised_by_them(gracja, tmp_path):
    rules = tmp_path / "rules.yaml"
    assert gracja("rules", rules).code == 0
    own = (
        rules.read_text(encoding="utf-8")
        .replace("id: bundled", "id: ours")
        .replace("points: -20", "points: -7")
    )
    rules.write_text(own, encoding="utf-8")
    done = gracja(
        "advise", "--rules", rules, "--service", "encounter", "--state", "hurried", "--format", "json"
    )
    said = json.loads(done.out)

    assert (said["dial"], said["rules"]) == (30 - 7, "ours@1")


def test_rules_that_are_there_are_not_written_over(gracja, tmp_path):
    rules = tmp_path / "rules.yaml"
    gracja("rules", rules)

    done = gracja("--lang", "en", "rules", rules)

    assert done.code == 2
    assert "--force" in done.err


def test_the_list_shows_every_cue_and_occupation_with_its_source(gracja):
    listed = json.loads(gracja("advise", "--list", "--format", "json").out)

    assert len(listed["occupations"]) >= 40
    assert "Ford" in next(one["source"] for one in listed["occupations"] if one["occupation"] == "cashier")
    assert "hurried" in {one["cue"] for one in listed["cues"]}
    assert "hairdresser" in gracja("--lang", "en", "advise", "--list").out


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (("--occupation", "hairdreser"), "Did you mean hairdresser"),
        (("--service", "encounter", "--state", "hurryed"), "Did you mean hurried"),
        (("--service", "encounter", "--queue", "-1"), "Give a number from 0 to"),
        (("--service", "encounter", "--state", "browsing", "--state", "hurried"), "cannot both be true"),
        (("--service", "encounter", "--state", "tired=many"), "no number for the cue"),
        ((), "It is not known what service this is"),
        (("--service", "encounter", "--rules", "nowhere.yaml"), "no such file of situation rules"),
    ],
)
def test_what_makes_no_situation_is_said(gracja, given, words):
    done = gracja("--lang", "en", "advise", *given)

    assert done.code == 2
    assert words in done.err
    assert "Traceback" not in done.err
