"""The demo company is believable, the same each time, and what it says is what the detectors hear."""

from __future__ import annotations

import re
from collections import Counter, defaultdict

import pyarrow as pa
import pytest

from gracja.cli.flat_files import read_contacts
from gracja.demo import DemoCompany, demo_company, write_demo
from gracja.demo.files import bundled_edition
from gracja.demo.people import PLACES, STAFF
from gracja.engine.detect import detect
from gracja.engine.edition.read import read_edition
from gracja.engine.tables import CHANNELS, CONTACTS, CONVERSATIONS, SPEAKERS, WANTED_SOURCES
from gracja.files.batches import batches

TIMED = {"reply_to_message"}


@pytest.fixture(scope="module")
def company() -> DemoCompany:
    return demo_company()


@pytest.fixture(scope="module")
def rows(company):
    return company.conversations.to_pylist()


@pytest.fixture(scope="module")
def heard(company) -> dict[tuple[str, str], bool]:
    """(contact, standard) -> whether the detectors marked it met, where they marked it."""
    edition = read_edition(bundled_edition().decode()).edition
    marks = detect(company.conversations, edition).to_pylist()
    found: defaultdict[tuple[str, str], bool] = defaultdict(bool)
    for mark in marks:
        if mark["status"] == "marked":
            found[mark["contact"], mark["standard"]] |= mark["value"] >= 0.5
    return dict(found)


def _spoke(row) -> set[str | None]:
    return {row["employee"], *(turn["employee"] for turn in row["turns"])} - {None}


def _texts(rows) -> list[str]:
    return [turn["text"] for row in rows for turn in row["turns"]]


def test_the_same_seed_writes_the_same_bytes_and_another_seed_others(tmp_path):
    first, again = write_demo(tmp_path / "first"), write_demo(tmp_path / "again")
    other = write_demo(tmp_path / "other", seed=7)

    for one, two in ((first.conversations, again.conversations), (first.contacts, again.contacts)):
        assert one.read_bytes() == two.read_bytes()
    assert first.conversations.read_bytes() != other.conversations.read_bytes()


def test_the_tables_keep_their_schemas_and_words(company, rows):
    assert company.conversations.schema == CONVERSATIONS
    assert company.contacts.schema == CONTACTS
    assert {row["channel"] for row in rows} <= set(CHANNELS)
    assert {turn["speaker"] for row in rows for turn in row["turns"]} == {"agent", "customer", "system"}
    assert {"agent", "customer", "system"} <= set(SPEAKERS)
    assert {row["place"] for row in rows} == set(PLACES)


def test_every_line_that_is_written_is_read_back_as_it_was(tmp_path, company):
    written = write_demo(tmp_path)
    rejected = []

    read = pa.concat_tables(batches([written.conversations], on_rejected=rejected.append))

    assert not rejected
    assert read.equals(company.conversations)
    assert read_contacts([written.contacts]).equals(company.contacts)
    assert read_edition(written.edition.read_text(encoding="utf-8")).edition.id == company.edition_name


def test_there_is_a_quarter_of_contacts_of_three_salons_and_a_contact_centre(rows):
    assert 900 <= len(rows) <= 1_200
    assert len({row["contact"] for row in rows}) == len(rows)
    assert min(row["started_at"] for row in rows).isoformat() >= "2026-09-01"
    assert max(row["started_at"] for row in rows).isoformat() < "2026-12-01"


def test_newcomers_have_under_five_contacts_and_everyone_else_far_more(rows):
    contacts = Counter(name for row in rows for name in _spoke(row))

    few = {name for name, count in contacts.items() if count < 5}
    assert few == {"Kuba Sowa", "Nina Bąk", "Zofia Pawlak"}
    assert min(count for name, count in contacts.items() if name not in few) >= 60
    assert set(contacts) == {employee.name for employee in STAFF}


def test_an_employee_works_at_two_salons_so_that_the_places_are_connected(rows):
    places = defaultdict(set)
    for row in rows:
        for name in _spoke(row):
            places[name].add(row["place"])
    assert {"salon_rynek", "salon_podgorze"} <= places["Basia Wrona"]

    reached = {"salon_rynek"}
    for _ in PLACES:
        reached |= {place for held in places.values() if held & reached for place in held}
    assert reached == set(PLACES)


def test_some_contacts_are_handed_over_some_cut_off_some_nobodys_and_some_english(rows):
    handed_over = [row for row in rows if len({t["employee"] for t in row["turns"] if t["employee"]}) == 2]
    assert 3 <= len(handed_over) <= 40
    assert 0.02 <= sum(not row["complete"] for row in rows) / len(rows) <= 0.06
    assert 8 <= sum(not _spoke(row) for row in rows) <= 25
    assert 0.09 <= sum(row["language"] == "en" for row in rows) / len(rows) <= 0.15


def test_wanted_is_known_for_about_six_in_ten_contacts_and_says_from_where(company):
    known = company.contacts.to_pylist()
    sources = Counter(row["wanted_source"] for row in known)

    assert set(sources) == {"history", "customer_asked", "opening_words", "none"}
    assert set(sources) <= set(WANTED_SOURCES)
    assert 0.5 <= 1 - sources["none"] / len(known) <= 0.7
    for row in known:
        assert (row["wanted_low"] is None) == (row["wanted_source"] == "none")
        assert row["edition"] == "salon@1"


def test_turns_follow_one_another_in_time(rows):
    for row in rows:
        times = [turn["at"] for turn in row["turns"]]
        assert times == sorted(times), row["contact"]
        assert row["started_at"] <= times[0], row["contact"]


def test_no_placeholder_and_no_empty_turn_is_left_in_what_people_say(rows):
    said = [turn["text"] for row in rows for turn in row["turns"] if turn["speaker"] != "system"]
    assert all(text.strip() for text in said)
    assert not [text for text in said if re.search(r"[{}|<>]|\[(?!z|p|Z|P)", text)]


def test_nothing_looks_like_a_real_persons_data(rows):
    """No e-mail address, and no figure long enough for a telephone, PESEL or account number."""
    for text in [*_texts(rows), *(str(row["customer"]) for row in rows)]:
        assert "@" not in text
        assert not re.search(r"\d[\d \-]{6,}\d", text), text
        assert "http" not in text


def test_conversations_are_varied(rows):
    openings = Counter(next(t["text"] for t in row["turns"] if t["speaker"] != "system") for row in rows)
    assert openings.most_common(1)[0][1] < len(rows) * 0.06
    whole = {tuple(turn["text"] for turn in row["turns"]) for row in rows}
    assert len(whole) > 0.99 * len(rows)


def test_detectors_hear_at_least_nine_in_ten_of_what_employees_say(company, heard):
    met = [meant for meant in company.meant if meant.met and meant.standard not in TIMED]
    found = sum(heard.get((meant.contact, meant.standard), False) for meant in met)
    assert found / len(met) >= 0.9


def test_detectors_do_not_hear_what_nobody_said(company, heard):
    """A timed standard too: a late reply is late."""
    left_out = [meant for meant in company.meant if not meant.met]
    heard_all_the_same = sum(heard.get((meant.contact, meant.standard), False) for meant in left_out)
    assert heard_all_the_same / len(left_out) <= 0.05


def test_the_strong_and_the_weak_are_so_in_what_was_generated(company, rows):
    who = {row["contact"]: row["employee"] for row in rows}

    def share(name: str, *standards: str) -> float:
        kept = [
            meant.met
            for meant in company.meant
            if who[meant.contact] == name and (not standards or meant.standard in standards)
        ]
        return sum(kept) / len(kept)

    middling = share("Celina Mazur")
    assert min(share("Darek Wójcik"), share("Agata Sikora")) > middling + 0.05
    assert share("Ola Nowak", "names_price") < 0.45 < share("Celina Mazur", "names_price")
    assert share("Ewa Król", "apologises", "offers_free_correction") < 0.5
