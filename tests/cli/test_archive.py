"""`gracja archive`: a folder that grows, from the command line."""

from __future__ import annotations

import json

import pyarrow.parquet as pq
import pytest

ORDER = [(name, "ascending") for name in ("contact", "segment", "employee", "standard")]


@pytest.fixture
def archive(tmp_path, monkeypatch):
    monkeypatch.setenv("GRACJA_ARCHIVE", str(tmp_path / "archive"))
    return tmp_path / "archive"


@pytest.fixture
def filled(archive, gracja, chats, good, edition):
    source = chats(*(good(n, customer=f"klientka-{n % 5}") for n in range(30)))
    assert gracja("archive", "import", source).code == 0
    assert gracja("archive", "score", "--edition", edition).code == 0
    return source


def rejected_of(archive):
    log = archive.with_name("archive.rejected.jsonl")
    return [json.loads(line) for line in log.read_text("utf-8").splitlines()]


def test_the_observations_of_an_archive_are_those_of_score(gracja, filled, edition, tmp_path):
    direct, exported, talks = (tmp_path / name for name in ("s.parquet", "e.parquet", "c.parquet"))
    gracja("score", filled, "-e", edition, "-o", direct)
    done = gracja("archive", "export", "-e", edition, "-o", exported, "--conversations", talks)

    assert done.code == 0
    assert pq.read_table(exported).sort_by(ORDER).equals(pq.read_table(direct).sort_by(ORDER))
    assert pq.read_schema(exported).metadata == pq.read_schema(direct).metadata
    assert pq.read_table(talks).num_rows == 30
    assert gracja("measure", exported, "-e", edition, "-o", tmp_path / "r.parquet").code == 0


def test_several_processes_score_the_same_as_one(gracja, filled, chats, good, edition, tmp_path):
    one, two = tmp_path / "one.parquet", tmp_path / "two.parquet"
    for out, folder, workers in ((one, tmp_path / "1", 1), (two, tmp_path / "2", 2)):
        gracja("archive", "import", filled, "--archive", folder)
        done = gracja("archive", "score", "-e", edition, "--archive", folder, "--workers", workers)
        assert done.code == 0
        gracja("archive", "export", "-e", edition, "--archive", folder, "-o", out)

    assert pq.read_table(one).equals(pq.read_table(two))


def test_a_second_import_and_a_second_scoring_add_nothing(gracja, filled, edition):
    again = gracja("archive", "import", filled, "--format", "json").json
    assert (again["new"], again["known"], again["conversations_in"]) == (0, 30, 30)
    scored = gracja("archive", "score", "-e", edition, "--format", "json").json
    assert (scored["conversations"], scored["observations"], scored["detector"]) == (0, 0, "phrases@2")


def test_what_is_wrong_or_changed_is_set_aside_with_its_reason(gracja, filled, archive, chats, good):
    bad = chats(good(1, place="Targ"), '{"contact": "x"}', good(99), name="more.jsonl")
    done = gracja("archive", "import", bad, "--format", "json")

    assert done.code == 0
    assert (done.json["new"], done.json["changed"], done.json["rejected"]) == (1, 1, 2)
    assert done.json["conversations_in"] == 3
    changed = next(row for row in rejected_of(archive) if row["code"] == "contact_changed")
    assert (changed["contact"], changed["file"]) == ("c1", str(bad))
    assert json.loads(changed["raw"])["place"] == "Targ"
    assert "--replace" in changed["message"]


def test_strict_stops_at_a_changed_conversation(gracja, filled, chats, good):
    done = gracja("archive", "import", chats(good(1, place="Targ"), name="more.jsonl"), "--strict")

    assert done.code == 2
    assert "Contact c1 is in the archive with other content" in done.err


def test_replaced_conversations_are_scored_again(gracja, filled, chats, good, edition):
    more = chats(good(1, place="Targ"), name="more.jsonl")
    assert gracja("archive", "import", more, "--replace", "--format", "json").json["replaced"] == 1
    assert gracja("archive", "score", "-e", edition, "--format", "json").json["conversations"] == 1


def test_one_contact_in_two_files_of_a_run_comes_in_once(gracja, archive, chats, good):
    files = chats(good(1), name="a.jsonl"), chats(good(1), good(2), name="b.jsonl")
    said = gracja("archive", "import", *files, "--format", "json").json

    assert (said["new"], said["known"]) == (2, 1)


def test_the_language_that_conversations_do_not_name_is_given_when_they_come_in(
    gracja, archive, chats, good, edition, tmp_path
):
    gracja("archive", "import", chats(good(1, language=None)), "--conversation-language", "en")
    gracja("archive", "score", "-e", edition)
    gracja("archive", "export", "-e", edition, "-o", tmp_path / "o.parquet")

    assert set(pq.read_table(tmp_path / "o.parquet")["status"].to_pylist()) == {"marked"}


def test_somebody_who_is_not_there_is_said_not_to_be_there(gracja, filled):
    done = gracja("archive", "erase", "--customer", "nobody-1", "--yes", "--lang", "en")

    assert done.code == 0
    assert "Nobody with the id “nobody-1” is in this archive" in done.err
    assert "Erased" not in done.err


def test_a_customer_is_counted_first_and_erased_when_asked(gracja, filled, archive):
    counted = gracja("archive", "erase", "--customer", "klientka-3", "--format", "json").json
    assert (counted["erased"], counted["conversations"], counted["proof"]) == (False, 6, None)
    assert gracja("archive", "stat", "--format", "json").json["conversations"] == 30

    done = gracja("archive", "erase", "--customer", "klientka-3", "--yes", "--format", "json")
    assert (done.code, done.json["erased"], done.json["proof"]["places"]) == (0, True, [])
    assert "the id's bytes stand in none" in done.err
    assert gracja("archive", "stat", "--format", "json").json["conversations"] == 24


def test_where_the_bytes_of_a_short_id_still_stand_is_said_and_ends_with_1(gracja, archive, chats, good):
    gracja("archive", "import", chats(good(1, customer="1"), good(11, customer="2")))
    done = gracja("archive", "erase", "--customer", "1", "--yes", "--format", "json")

    assert done.code == 1
    assert done.json["proof"]["places"]
    assert "as part of other words or numbers" in done.err
    assert "contact: 1 value" in done.err


@pytest.mark.parametrize("who", [[], ["--customer", "a", "--employee", "b"]])
def test_one_person_is_named_at_a_time(gracja, filled, who):
    assert "either --customer or --employee" in gracja("archive", "erase", *who).err


def test_the_archive_says_what_it_holds(gracja, filled, edition):
    found = gracja("archive", "stat", "--format", "json").json
    assert found["conversations_by_month"] == {"unknown": 30}
    assert [(each["edition"], each["observations"]) for each in found["scorings"]] == [("shop@1", 60)]
    said = gracja("archive", "stat", "--lang", "pl").err
    assert "30 rozmów, 60 obserwacji" in said


def test_small_files_are_put_together(gracja, filled, chats, good):
    gracja("archive", "import", chats(good(50), name="more.jsonl"))
    done = gracja("archive", "compact", "--format", "json").json
    assert (done["small"], done["whole"]) == (2, 1)


@pytest.mark.parametrize("command", ["score", "export"])
def test_an_archive_that_is_none_is_said(gracja, archive, edition, command):
    done = gracja("archive", command, "--edition", edition)

    assert done.code == 2
    assert "There is no archive here" in done.err


def test_an_export_without_observations_is_refused_and_nothing_written(gracja, filled, edition, tmp_path):
    edition.write_text(edition.read_text("utf-8").replace("version: 1", "version: 2"), "utf-8")
    done = gracja("archive", "export", "-e", edition, "-o", tmp_path / "o.parquet")

    assert done.code == 2
    assert "no observations of shop@2" in done.err
    assert not (tmp_path / "o.parquet").exists()


@pytest.mark.parametrize("lang", ["pl", "en"])
@pytest.mark.parametrize("command", [[], ["import"], ["score"], ["export"], ["erase"], ["stat"], ["compact"]])
def test_help_speaks_the_language_of_the_run(gracja, command, lang):
    done = gracja("archive", *command, "--help", "--lang", lang)

    assert done.code == 0
    assert ("Użycie" in done.out) == (lang == "pl")
    assert ("Pokaż ten tekst" in done.out) == (lang == "pl")


def test_scoring_gives_a_language_to_conversations_that_came_in_without_one(
    gracja, archive, chats, good, edition, tmp_path
):
    gracja("archive", "import", chats(good(1, language=None), good(2, language="de")))
    scored = gracja("archive", "score", "-e", edition, "--conversation-language", "en", "--format", "json")
    gracja("archive", "export", "-e", edition, "-o", tmp_path / "o.parquet")

    rows = pq.read_table(tmp_path / "o.parquet").to_pylist()
    assert scored.json["detector"] == "phrases@2+en"
    assert {row["contact"] for row in rows if row["status"] == "marked"} == {"c1"}
