"""An archive's folder: what is one, what is none, and what happens when the disk or others are in the way."""

from __future__ import annotations

import json

import polars as pl
import pytest
from deltalake import DeltaTable

from gracja.archive import Archive, open_archive, open_or_create
from gracja.archive.erase import erase
from gracja.archive.people import Person
from gracja.archive.stat import stat
from gracja.archive.stored import Writing
from gracja.archive.tidy import sweep, tidy
from gracja.engine.errors import EngineInputError


def code_of(ask):
    with pytest.raises(EngineInputError) as refused:
        ask()
    return refused.value.code


def put_together(stored, small):
    with Writing(stored, small[0].month) as new:
        for file in small:
            for table in stored.read(file):
                new.write(table)
        stored.commit([new.done()], small, same_rows=True)


def test_a_folder_with_something_else_is_not_taken_for_an_archive(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"")

    assert code_of(lambda: open_archive(tmp_path)) == "archive_is_none"
    assert code_of(lambda: open_or_create(tmp_path)) == "archive_is_none"
    assert code_of(lambda: open_or_create(tmp_path / "holiday.jpg")) == "archive_is_none"
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_a_folder_that_is_not_there_is_no_archive(tmp_path):
    assert code_of(lambda: open_archive(tmp_path / "gone")) == "archive_not_found"


def test_an_archive_of_a_newer_format_is_refused(full):
    (full.folder / "archive.json").write_text(json.dumps({"gracja_archive": 2}), "utf-8")

    for ask in (open_archive, open_or_create):
        assert code_of(lambda ask=ask: ask(full.folder)) == "archive_newer"


@pytest.mark.parametrize("said", ["", "[]", "{}", "null"])
def test_a_spoilt_marker_is_said(full, said):
    (full.folder / "archive.json").write_text(said, "utf-8")

    assert code_of(lambda: open_archive(full.folder)) == "archive_broken"


def test_a_lost_data_file_is_said(full):
    next((full.folder / "conversations").rglob("*.parquet")).unlink()

    assert code_of(full.conversations) == "archive_broken"


def test_a_data_file_cut_short_is_said(full):
    path = next((full.folder / "conversations").rglob("*.parquet"))
    path.write_bytes(path.read_bytes()[:-20])

    assert code_of(full.conversations) == "archive_broken"


def test_a_beginning_that_was_killed_is_taken_up(tmp_path, call, open_shop):
    (tmp_path / "begun").mkdir()
    (tmp_path / "begun" / "archive.lock").touch()
    shop = open_shop(tmp_path / "begun")

    assert shop.takes(call(1)).new == 1


def test_nobody_erases_while_another_reads(full):
    hasty = Archive(full.folder, wait_seconds=0)
    reading = full.archive.conversations()
    next(reading)

    assert code_of(lambda: erase(hasty, Person("customer", "customer-003"))) == "archive_busy"
    assert sweep(full.archive) is None
    reading.close()
    assert sweep(full.archive) is not None


def test_nobody_reads_while_another_erases(full):
    hasty = Archive(full.folder, wait_seconds=0)
    with full.archive.alone():
        assert code_of(lambda: next(hasty.observations())) == "archive_busy"


def test_small_files_become_few_with_the_same_rows(shop, call):
    shop.takes(*(call(number) for number in range(60)), at_once=5)
    shop.scores(at_once=5)
    conversations, observations = shop.conversations(), shop.observations()
    before = stat(shop.archive)
    done = tidy(shop.archive, at_least=2)
    after = stat(shop.archive)

    assert done.small > done.whole
    assert done.deleted == done.small
    assert after.files < before.files
    assert (shop.conversations(), shop.observations()) == (conversations, observations)
    assert shop.takes(*(call(number) for number in range(60))).known == 60
    assert shop.scores().conversations == 0


def test_compaction_while_another_imports_and_scores_loses_nothing(shop, call):
    shop.takes(*(call(number) for number in range(30)), at_once=5)
    hand = shop.archive.conversation_files()  # as another process saw it before
    tidy(shop.archive, at_least=2)
    hand.commit([])
    shop.takes(*(call(number) for number in range(30, 40)))

    assert len(shop.conversations()) == 40


@pytest.mark.parametrize("looks_again", [False, True])
def test_files_that_another_compaction_put_together_are_not_put_together_again(shop, call, looks_again):
    shop.takes(*(call(number, started_at=None) for number in range(45)), at_once=5)
    first, second = shop.archive.conversation_files(), shop.archive.conversation_files()
    small = first.files()
    put_together(first, small)
    if looks_again:
        second.refresh()

    assert code_of(lambda: put_together(second, small)) == "archive_overtaken"
    assert sum(file.rows for file in shop.archive.conversation_files().files()) == 45
    assert len(shop.conversations()) == 45


def test_the_archive_is_counted(full):
    found = stat(full.archive)

    assert (found.conversations, found.observations) == (60, 120)
    assert found.conversations_by_month == {"2026-09": 51, "unknown": 9}
    assert [(each.edition, each.scored_by) for each in found.scorings] == [("shop@1", "phrases@2")]
    assert found.last_import.endswith("Z")
    assert found.size_bytes == sum(p.stat().st_size for p in full.folder.rglob("*") if p.is_file())


def test_other_programs_read_the_tables(tmp_path, call, open_shop):
    full = open_shop(tmp_path / "plain")  # polars 1 does not find files below a folder with ż or a space
    full.takes(*(call(number) for number in range(60)))
    full.scores()
    assert DeltaTable(full.folder / "conversations").to_pyarrow_table().num_rows == 60
    counted = pl.scan_delta(str(full.folder / "observations")).filter(pl.col("month") == "unknown")
    assert counted.collect().height == 18
