from __future__ import annotations

import gzip
import json
import time
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

from gracja.app.common import jobs
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.contacts.archive import archive_if_there
from gracja.app.contacts.models import ExternalId, Scoring, Upload
from gracja.app.contacts.services import importing
from gracja.app.contacts.services.importing import carry_out_upload, rejected_path
from gracja.app.contacts.services.scoring import carry_out_scoring, score_conversations
from gracja.app.contacts.services.uploads import (
    drop_upload,
    give_upload,
    in_force,
    name_in_uploads,
    retry_upload,
    start_upload,
)
from gracja.engine.errors import EngineInputError

POLISH = """\
Nr rozmowy;Kto;Treść;Konsultant;Placówka;Kanał;Czas
R1;Konsultantka;Dzień dobry, w czym mogę pomóc?;Łucja Żak;KR-1;czat;5.10.2026 9:30
R1;Klient;"Chcę umówić
strzyżenie";Łucja Żak;KR-1;czat;5.10.2026 9:31
R2;Klient;Halo?;D.L.;Wieliczka;telefon;6.10.2026 9:00
R2;Konsultantka;Dzień dobry;D.L.;Wieliczka;telefon;6.10.2026 9:01
"""


def lines(*rows):
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def talk(contact, **fields):
    turns = [{"speaker": "agent", "text": "Dzień dobry"}, {"speaker": "customer", "text": "Halo"}]
    return {"contact": contact, "channel": "chat", "employee": "darek", "turns": turns, **fields}


@pytest.fixture
def given(cast, edition):
    """`given("a.csv", bytes)`: a file handed over by Filip."""

    def give(name, content, by=None):
        return give_upload(by=by or cast.filip, file_name=name, chunks=[content])

    return give


@pytest.fixture
def done(given, cast):
    """The upload after it was put in (and, if asked, scored)."""

    def run(name, content, *, words=None, score=False):
        upload = given(name, content)
        edition = upload.edition.uid if score else ""
        start_upload(by=cast.filip, uid=upload.uid, words=words or {}, edition_uid=edition)
        carry_out_upload.call(upload.uid)
        upload.refresh_from_db()
        return upload

    return run


def stored(*names):
    """The archive's conversations, these columns, by contact."""
    rows = [row for batch in archive_if_there().conversations() for row in batch.to_pylist()]
    return [tuple(row[name] for name in names) for row in sorted(rows, key=lambda row: row["contact"])]


def rejected(upload):
    return [json.loads(line) for line in rejected_path(upload).read_text().splitlines()]


def test_a_polish_csv_is_understood_by_its_headings_and_words(given):
    upload = given("rozmowy.csv", POLISH.encode("cp1250"))

    assert (upload.kind, upload.mapping["encoding"], upload.mapping["separator"]) == ("csv", "cp1250", ";")
    assert upload.mapping["columns"] == {
        "contact": 0, "speaker": 1, "text": 2, "employee": 3, "place": 4, "channel": 5, "at": 6,
    }  # fmt: skip
    assert upload.mapping["speakers"] == {"Konsultantka": "agent", "Klient": "customer"}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1250", "iso-8859-2", "utf-16"])
def test_a_csv_of_any_polish_encoding_becomes_conversations(done, encoding):
    upload = done("rozmowy.csv", POLISH.encode(encoding), words={"language": "pl"})

    assert upload.state == "done", upload.trouble
    assert stored("contact", "employee", "channel", "language") == [
        ("R1", "Łucja Żak", "chat", "pl"),
        ("R2", "D.L.", "phone", "pl"),
    ]
    (turns,) = stored("turns")[0]
    assert [(turn["speaker"], turn["text"]) for turn in turns] == [
        ("agent", "Dzień dobry, w czym mogę pomóc?"),
        ("customer", "Chcę umówić\nstrzyżenie"),
    ]
    assert turns[0]["at"] == datetime(2026, 10, 5, 7, 30, tzinfo=UTC)  # 9:30 in Warsaw


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_every_usual_separator_is_found(done, separator):
    text = POLISH.replace(", w", " w").replace(";", separator)

    assert done("rozmowy.txt", text.encode()).counts["conversations"] == 2


def test_a_rejected_row_is_kept_with_the_line_where_it_stands_in_the_file(done):
    upload = done("rozmowy.csv", POLISH.replace("R2;Klient", "R2;Ktoś").encode())

    assert (upload.counts["read"], upload.counts["conversations"], upload.counts["rejected"]) == (2, 1, 1)
    (row,) = rejected(upload)
    assert (row["line"], row["contact"], row["code"]) == (5, "R2", "speaker_unknown")


def test_a_word_for_a_speaker_can_be_explained(done):
    words = {"speakers": {"Ktoś": "customer", "Konsultantka": "agent", "Klient": "customer"}}

    assert not done("rozmowy.csv", POLISH.replace("R2;Klient", "R2;Ktoś").encode(), words=words).counts[
        "rejected"
    ]


def test_a_heading_below_a_hint_of_the_separator_keeps_its_lines(done):
    upload = done("rozmowy.csv", b"sep=;\r\n" + POLISH.replace("R2;Klient", "R2;Ktoś").encode())

    assert rejected(upload)[0]["line"] == 6


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.parquet"])
def test_json_lines_and_parquet_are_taken_as_they_are(done, name, tmp_path):
    rows = [talk("c1"), talk("c2"), talk("c3", channel="pigeon")]
    content = lines(*rows)
    if name.endswith(".gz"):
        content = gzip.compress(content)
    if name.endswith(".parquet"):
        pq.write_table(pa.Table.from_pylist(rows), tmp_path / name)
        content = (tmp_path / name).read_bytes()

    upload = done(name, content)

    assert (upload.counts["conversations"], upload.counts["rejected"]) == (2, 1)


def test_the_same_file_again_adds_nothing(done):
    done("a.jsonl", lines(talk("c1"), talk("c2")))

    again = done("b.jsonl", lines(talk("c1"), talk("c2", employee="edyta")))

    assert {name: again.counts[name] for name in ("conversations", "known", "changed", "rejected")} == {
        "conversations": 0, "known": 1, "changed": 1, "rejected": 1,
    }  # fmt: skip
    assert rejected(again)[0]["code"] == "contact_changed"
    assert stored("employee") == [("darek",), ("darek",)]


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.pdf", b"%PDF-1.7 x", "file_kind_unknown"),
        ("a.csv.gz", b"not gzip", "gzip_broken"),
        ("a.jsonl", '{"a": 1}'.encode("utf-16"), "file_utf16"),
        ("a.xlsx", b"PK\x03\x04....", "file_kind_unknown"),
    ],
)
def test_a_file_of_another_kind_is_refused_by_its_own_name(given, settings, name, content, code):
    with pytest.raises(EngineInputError) as refused:
        given(name, content)

    assert (refused.value.code, refused.value.where.file) == (code, name)
    assert not list((settings.HOME / "files" / "uploads").iterdir())


def test_an_empty_file_is_done_at_once(done):
    assert done("a.jsonl", b"").counts["read"] == 0


def test_a_file_over_the_limit_is_refused_and_not_kept(given, settings, monkeypatch):
    monkeypatch.setattr("gracja.app.contacts.services.uploads.MOST_BYTES", 10)

    with pytest.raises(Refused) as refused:
        given("a.jsonl", lines(talk("c1")))

    assert refused.value.code == "upload_too_large"
    assert not list((settings.HOME / "files" / "uploads").iterdir())


def test_columns_that_are_missing_have_to_be_said(given, cast):
    upload = given("a.csv", b"a,b,c\nR1,agent,Halo\n")

    with pytest.raises(Refused) as refused:
        start_upload(by=cast.filip, uid=upload.uid, words={}, edition_uid="")

    assert refused.value.facts == {"names": ["contact", "speaker", "text"]}


def test_then_the_archive_is_scored_with_the_edition_in_force(done, edition):
    upload = done("rozmowy.csv", POLISH.encode(), score=True)
    carry_out_scoring.call(upload.scoring.uid)

    upload.scoring.refresh_from_db()
    assert upload.edition == in_force() == edition
    assert upload.scoring.state == "done"
    assert upload.scoring.counts["scored"] == 2
    assert upload.scoring.counts["observations"] > 2
    assert {row["edition"] for batch in archive_if_there().observations() for row in batch.to_pylist()} == {
        "salon@1"
    }


def test_names_can_be_mapped_and_only_by_who_imports(done, cast, rynek):
    upload = done("rozmowy.csv", POLISH.encode())
    assert upload.counts["people"] == {"Łucja Żak": 1, "D.L.": 1}
    assert upload.counts["places"] == {"KR-1": 1, "Wieliczka": 1}

    name_in_uploads(by=cast.filip, people={"D.L.": cast.darek.person.uid}, places={"Wieliczka": rynek.uid})

    assert set(ExternalId.objects.values_list("system", "value", "person__name", "place__name")) == {
        ("upload", "D.L.", "Darek Lis", None),
        ("upload", "Wieliczka", None, "Rynek"),
    }
    with pytest.raises(Refused):
        name_in_uploads(by=cast.anna, people={"D.L.": cast.anna.person.uid}, places={})


def test_who_may_not_import_is_refused(given, cast, edition):
    for who in (cast.anna, cast.borys, cast.darek, cast.hubert):
        with pytest.raises(Refused) as refused:
            given("a.jsonl", b"{}", by=who)
        assert refused.value.code == "not_permitted"
        with pytest.raises(Refused):
            score_conversations(by=who, edition_uid=edition.uid)


def test_a_worker_that_broke_waits_longer_each_time_and_gives_up_after_three(given, cast, monkeypatch):
    upload = given("a.jsonl", lines(talk("c1")))
    start_upload(by=cast.filip, uid=upload.uid, words={}, edition_uid="")

    def breaks(*_, **__):
        raise OSError(5, "Input/output error")

    monkeypatch.setattr(importing, "import_conversations", breaks)
    waits = []
    for _ in range(3):
        Upload.objects.update(not_before=None)
        carry_out_upload.call(upload.uid)
        upload.refresh_from_db()
        waits.append(round((upload.not_before - now()).total_seconds(), -1) if upload.not_before else None)

    assert waits == [30, 180, None]
    assert (upload.state, upload.trouble["code"], upload.attempts) == ("failed", "job_broke", 3)

    monkeypatch.undo()
    retry_upload(by=cast.filip, uid=upload.uid)
    carry_out_upload.call(upload.uid)
    upload.refresh_from_db()
    assert (upload.state, upload.counts["conversations"]) == ("done", 1)


def test_an_attempt_that_waits_does_not_begin_early(given, cast):
    upload = given("a.jsonl", lines(talk("c1")))
    start_upload(by=cast.filip, uid=upload.uid, words={}, edition_uid="")
    Upload.objects.update(not_before=now() + timedelta(minutes=1))

    carry_out_upload.call(upload.uid)

    upload.refresh_from_db()
    assert upload.state == "queued"


def test_a_killed_worker_leaves_what_the_next_one_goes_on_with(given, cast, monkeypatch):
    upload = given("a.jsonl", lines(*(talk(f"c{number}") for number in range(30))))
    start_upload(by=cast.filip, uid=upload.uid, words={}, edition_uid="")
    monkeypatch.setattr("gracja.files.batches.CONVERSATIONS_AT_ONCE", 10)

    def killed(archive, tables, **options):
        from gracja.archive.imports import import_conversations

        import_conversations(archive, [next(iter(tables)).slice(0, 10)], **options)
        raise SystemExit(137)

    with monkeypatch.context() as patch:
        patch.setattr(importing, "import_conversations", killed)
        with pytest.raises(SystemExit):
            carry_out_upload.call(upload.uid)
    upload.refresh_from_db()
    assert (upload.state, len(stored("contact"))) == ("running", 10)

    carry_out_upload.call(upload.uid)  # too early: the other may be alive
    upload.refresh_from_db()
    assert upload.state == "running"
    Upload.objects.update(beat_at=now() - jobs.DEAD_AFTER - timedelta(seconds=1))
    carry_out_upload.call(upload.uid)

    upload.refresh_from_db()
    assert (upload.state, upload.attempts, len(stored("contact"))) == ("done", 2, 30)
    assert upload.counts["known"] == 10


def test_a_job_that_is_done_is_not_done_again(done):
    upload = done("a.jsonl", lines(talk("c1")))
    finished = upload.finished_at

    carry_out_upload.call(upload.uid)

    upload.refresh_from_db()
    assert upload.finished_at == finished


def test_scoring_is_asked_for_once_while_it_waits(done, cast, edition):
    done("a.jsonl", lines(talk("c1")))

    first = score_conversations(by=cast.filip, edition_uid=edition.uid)

    assert score_conversations(by=cast.filip, edition_uid=edition.uid) == first
    carry_out_scoring.call(first.uid)
    assert score_conversations(by=cast.filip, edition_uid=edition.uid) != first


def test_nothing_can_be_scored_before_something_was_put_in(cast, edition):
    with pytest.raises(Refused) as refused:
        score_conversations(by=cast.filip, edition_uid=edition.uid)
    assert refused.value.code == "nothing_to_score"


def test_a_file_can_be_dropped_before_it_is_put_in(given, cast, settings):
    upload = given("a.jsonl", lines(talk("c1")))

    drop_upload(by=cast.filip, uid=upload.uid)

    assert not list((settings.HOME / "files" / "uploads").iterdir())
    with pytest.raises(Refused) as refused:
        start_upload(by=cast.filip, uid=upload.uid, words={}, edition_uid="")
    assert refused.value.code == "upload_gone"


@pytest.mark.django_db(transaction=True)
def test_the_worker_of_the_queue_puts_it_in_and_scores_it(given, cast):
    upload = given("rozmowy.csv", POLISH.encode())
    start_upload(by=cast.filip, uid=upload.uid, words={}, edition_uid=upload.edition.uid)

    call_command("db_worker", "--batch", "--no-startup-delay", "--no-reload", verbosity=0)

    upload.refresh_from_db()
    assert (upload.state, upload.scoring.state) == ("done", "done")
    assert Scoring.objects.count() == 1
    # what is left are the looks after it, for later
    assert {one.run_after is not None for one in DBTaskResult.objects.ready()} <= {True}


def test_a_hundred_thousand_rows_are_put_in_within_a_minute(done):
    rows = "".join(
        f"R{number};Konsultant;Dzień dobry;D.L.;KR-1;czat;5.10.2026 9:30\n"
        f"R{number};Klient;Chcę umówić strzyżenie;D.L.;KR-1;czat;5.10.2026 9:31\n"
        for number in range(50_000)
    )
    before = time.process_time()

    upload = done("rozmowy.csv", (POLISH.splitlines()[0] + "\n" + rows).encode("cp1250"))

    assert upload.counts["conversations"] == 50_000
    assert time.process_time() - before < 60


def test_what_kills_its_worker_each_time_is_given_up_after_three(given, cast):
    upload = given("a.jsonl", lines(talk("c1")))
    start_upload(by=cast.filip, uid=upload.uid, words={}, edition_uid="")
    died = now() - jobs.DEAD_AFTER - timedelta(seconds=1)
    Upload.objects.update(state="running", attempts=jobs.MOST_ATTEMPTS, beat_at=died)

    carry_out_upload.call(upload.uid)

    upload.refresh_from_db()
    assert (upload.state, upload.trouble["code"]) == ("failed", "job_broke")
