"""The company's own rules: a draft, saved by one at a time, published for ever; what is kept of advice."""

from __future__ import annotations

from datetime import timedelta

import polars as pl
import pyarrow as pa
import pytest
from django.db import DatabaseError, transaction

from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.contacts.models import Wanted
from gracja.app.operations.cleaning import clear_what_is_over
from gracja.app.service_mode.models import Advised, Keeping, RulesDraft, RulesVersion
from gracja.app.service_mode.selectors.asking import Asked
from gracja.app.service_mode.selectors.effects import TYPICAL, compare_with_recorded, gallery
from gracja.app.service_mode.selectors.rules import company_rules
from gracja.app.service_mode.services.drafting import drop_draft, publish_rules, save_draft, undo_step
from gracja.app.service_mode.services.incoming import UNREADABLE, take_records
from gracja.app.service_mode.services.keeping import change_keeping, clean_advice
from gracja.app.service_mode.services.recording import Done, record_advice
from gracja.engine import tables
from gracja.engine.dial.read import as_json, bundled_rules, check_rules
from gracja.engine.errors import ManyInputErrors
from gracja.engine.measure.contacts import with_wanted

TAPPED = Asked(kind="encounter", cues={"hurried": 1})


@pytest.fixture
def changed(cast):
    """Hurry costs five points more."""
    document = as_json(bundled_rules())
    next(one for one in document["cues"] if one["cue"] == "hurried")["points"] = -25
    return document


@pytest.fixture(autouse=True)
def _at_once(django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        yield


def refusal(act):
    with pytest.raises(Refused) as refused:
        act()
    return refused.value.code


def test_until_the_company_publishes_the_bundled_rules_hold(cast, changed):
    save_draft(by=cast.filip, document=changed, revision=0)

    assert company_rules().name == "bundled@1"


def test_published_rules_hold_from_then_on_and_never_change(
    cast, changed, django_capture_on_commit_callbacks
):
    draft = save_draft(by=cast.filip, document=changed, revision=0)
    with django_capture_on_commit_callbacks(execute=True):
        made = publish_rules(by=cast.filip, note="Kolejki są dłuższe.", revision=draft.revision)

    assert company_rules().name == "company@1"
    assert company_rules().cue("hurried").points == -25
    assert not RulesDraft.objects.exists()
    entry = AuditEntry.objects.get(action="rules.publish")
    assert (entry.before, entry.after) == ({"cue.hurried.points": -20}, {"cue.hurried.points": -25})
    with pytest.raises(DatabaseError), transaction.atomic():
        RulesVersion.objects.filter(pk=made.pk).update(note="x")


def test_a_stale_save_is_refused_and_changes_nothing(cast, changed):
    save_draft(by=cast.filip, document=changed, revision=0)
    other = as_json(bundled_rules())
    other["start"]["encounter"] = 50

    assert (
        refusal(lambda: save_draft(by=cast.grazyna, document=other, revision=0)) == "rules_changed_meanwhile"
    )
    assert RulesDraft.objects.get().document["start"]["encounter"] == 30


def test_saving_the_same_again_is_harmless(cast, changed):
    first = save_draft(by=cast.filip, document=changed, revision=0)
    again = save_draft(by=cast.filip, document=changed, revision=first.revision)

    assert again.revision == first.revision == 1
    assert AuditEntry.objects.filter(action="rules.draft").count() == 1


def test_the_last_change_is_taken_back(cast, changed):
    draft = save_draft(by=cast.filip, document=changed, revision=0)

    undone = undo_step(by=cast.filip, revision=draft.revision)

    assert as_json(check_rules(undone.document))["cues"] == as_json(bundled_rules())["cues"]
    assert refusal(lambda: undo_step(by=cast.filip, revision=undone.revision)) == "nothing_to_undo"


def test_publishing_needs_a_note_and_a_change(cast, changed):
    assert refusal(lambda: publish_rules(by=cast.filip, note="x", revision=0)) == "rules_not_changed"
    draft = save_draft(by=cast.filip, document=changed, revision=0)

    assert (
        refusal(lambda: publish_rules(by=cast.filip, note=" ", revision=draft.revision))
        == "rules_note_missing"
    )


def test_what_contradicts_itself_is_not_saved(cast, changed):
    changed["bands"] = {"attentive_from": 70, "personal_from": 65}

    with pytest.raises(ManyInputErrors):
        save_draft(by=cast.filip, document=changed, revision=0)
    assert not RulesDraft.objects.exists()


def test_discarding_twice_is_harmless(cast, changed):
    save_draft(by=cast.filip, document=changed, revision=0)

    drop_draft(by=cast.filip)
    drop_draft(by=cast.filip)

    assert not RulesDraft.objects.exists()


@pytest.mark.parametrize("who", ["anna", "borys", "darek", "hubert"])
def test_only_who_manages_rules_changes_them(cast, changed, who):
    by = getattr(cast, who)
    acts = (
        lambda: save_draft(by=by, document=changed, revision=0),
        lambda: undo_step(by=by, revision=0),
        lambda: drop_draft(by=by),
        lambda: publish_rules(by=by, note="x", revision=0),
        lambda: change_keeping(by=by, keep="nothing", keep_days=30, read_words=False, panel_origins=()),
        lambda: gallery(by=by, after=bundled_rules()),
        lambda: compare_with_recorded(by=by, after=bundled_rules()),
    )

    assert [refusal(act) for act in acts] == ["not_permitted"] * len(acts)


def test_the_gallery_shows_who_moves(cast, changed):
    shown = gallery(by=cast.filip, after=check_rules(changed))

    assert len(shown) == len(TYPICAL) == 7
    assert {one.after.reading.band for one in shown} == {"discreet", "attentive", "personal"}
    assert not any(one.moved for one in shown if "hurried" not in one.typical.cues)


def test_last_month_is_compared_band_by_band(cast, changed):
    for n, cues in enumerate(({"asks_advice": 1}, {"asks_advice": 1}, {"hurried": 1})):
        asked = Asked(kind="encounter", cues=cues)
        record_advice(by=cast.darek, done=Done(f"situation-number-{n}", asked))
    long_ago = now() - timedelta(days=40)
    record_advice(by=cast.darek, done=Done("long-ago-00000000", Asked(kind="encounter"), at=long_ago))
    changed["bands"] = {"attentive_from": 35, "personal_from": 45}

    compared = compare_with_recorded(by=cast.filip, after=check_rules(changed))

    assert (compared.situations, compared.moved, compared.unread) == (3, 2, 0)
    assert compared.table["attentive"] == {"discreet": 0, "attentive": 0, "personal": 2}
    assert compared.table["discreet"]["discreet"] == 1


def test_what_staff_tap_never_says_how_personal_a_contact_should_have_been(cast, rynek):
    """Neither recorded advice nor what a device sends later leaves anything that measuring reads."""
    change_keeping(by=cast.filip, keep="with_person", keep_days=30, read_words=False, panel_origins=())
    done = Done("tapped-by-the-staff", TAPPED, contact="talk-1", moves=["cue:hurried"])

    record_advice(by=cast.darek, done=done)
    take_records(
        by=cast.darek, rows=[{"uid": "sent-by-a-device-1", "kind": "encounter", "contact": "talk-1"}], mark=""
    )

    assert Advised.objects.filter(contact="").count() == 2  # no customer, who agreed to it
    assert not Wanted.objects.exists()


def test_measuring_ignores_what_was_tapped_even_where_somebody_writes_it_down():
    rows = [
        {
            "contact": contact,
            "segment": 0,
            "edition": "salon@1",
            "service_kind": "relationship",
            "wanted_low": 0.0,
            "wanted_high": 34.0,
            "wanted_source": source,
        }
        for contact, source in (("tapped", "staff_tap"), ("said", "customer_asked"))
    ]
    marks = pl.DataFrame({"contact": ["tapped", "said"], "segment": [0, 0]}).cast({"segment": pl.Int16})

    told = with_wanted(marks, pa.Table.from_pylist(rows, schema=tables.CONTACTS))

    assert told["high"].to_list() == [None, 34.0]


def test_cleaning_deletes_what_was_kept_long_enough_and_names_where_they_may_not_be_kept(cast):
    change_keeping(by=cast.filip, keep="with_person", keep_days=30, read_words=False, panel_origins=())
    for n, days in enumerate((1, 29, 31)):
        at = now() - timedelta(days=days)
        record_advice(by=cast.darek, done=Done(f"kept-for-some-days-{n}", TAPPED, at=at))

    clear_what_is_over()
    assert Advised.objects.filter(person=cast.darek.person).count() == 2
    Keeping.objects.update(keep="without_person")
    clean_advice()

    assert list(Advised.objects.values_list("person", flat=True)) == [None, None]
    Keeping.objects.update(keep="nothing")
    clean_advice()
    assert not Advised.objects.exists()


@pytest.mark.parametrize(
    "origin", ["http://helpdesk.example", "https://a.example/app", "https://*", "helpdesk", "https://a b"]
)
def test_a_panel_stands_only_where_an_origin_says_so_exactly(cast, origin):
    def change():
        change_keeping(by=cast.filip, keep="nothing", keep_days=30, read_words=False, panel_origins=[origin])

    assert refusal(change) == "origin_unusable"


def test_a_record_of_somebody_else_on_the_same_device_is_not_given_to_who_is_signed_in(cast):
    change_keeping(by=cast.filip, keep="with_person", keep_days=30, read_words=False, panel_origins=())
    rows = [{"uid": "of-another-reader-1", "kind": "encounter", "cues": {"tired": 1}, "reader": "somebody"}]

    assert take_records(by=cast.darek, rows=rows, mark="darek").settled == ["of-another-reader-1"]
    row = Advised.objects.get()
    assert (row.person, row.place) == (None, None)


def test_a_device_may_forget_what_can_never_be_kept(cast):
    rows = [
        {"uid": "too-short"},
        {"uid": "unknown-cue-000000", "kind": "encounter", "cues": {"sings": 1}},
        {"uid": "from-the-future-00", "kind": "encounter", "at": "2099-01-01T00:00:00Z"},
        {"uid": 7},
        {"uid": "no-clock-at-all-00", "kind": "encounter", "at": "yesterday"},
    ]

    taken = take_records(by=cast.darek, rows=rows, mark="")

    assert len(taken.settled) == 4
    assert [one.code for one in taken.refused.values()] == [
        "advice_uid_unfit",
        "advice_cue_gone",
        "advice_time_wrong",
        UNREADABLE,
    ]
    assert taken.refused["from-the-future-00"].facts == {"days": 60}
    assert not Advised.objects.exists()


@pytest.mark.parametrize(
    "bad",
    [
        {"at": "2026-11-22T18:00:00"},
        {"at": "0001-01-01T00:00:00+14:00"},
        {"cues": {"queue": float("inf")}},
        {"cues": {"queue": float("nan")}},
        {"cues": {"queue": 10**30}},
        {"cues": "hurried"},
        {"lines": 7},
    ],
)
def test_a_bad_record_is_refused_alone(cast, bad):
    rows = [
        {"uid": "a-bad-record-00000", "kind": "encounter"} | bad,
        {"uid": "a-good-record-0000", "kind": "encounter", "moves": ["cue:\0hurried"]},
    ]

    taken = take_records(by=cast.darek, rows=rows, mark="")

    assert taken.settled == ["a-bad-record-00000", "a-good-record-0000"]
    assert list(taken.refused) == ["a-bad-record-00000"]
    assert Advised.objects.get().moves == ["cue:hurried"]
