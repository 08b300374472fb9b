from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.http import Http404
from django.utils import timezone

from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.standards.models import Draft, Edition
from gracja.app.standards.services.drafts import change_draft, redo, undo
from gracja.app.standards.services.drafts_start import start_draft
from gracja.engine.errors import EngineInputError

pytestmark = pytest.mark.django_db


def change(by, draft, action, path, value=None, *, seen=None):
    seen = Draft.objects.get(pk=draft.pk).revision if seen is None else seen
    return change_draft(by=by, draft_uid=draft.uid, seen=seen, action=action, path=path, value=value)


def parts(draft):
    return [part["part"] for part in Draft.objects.get(pk=draft.pk).document["sequence"]]


class TestStarting:
    def test_a_blank_draft_has_one_part(self, blank):
        assert (blank.edition_id, blank.revision) == ("bicycle_repairs", 0)
        assert parts(blank) == ["welcome"]
        assert AuditEntry.objects.get().action == "draft.start"

    def test_a_trade_brings_its_sequence_and_standards(self, salon):
        assert salon.edition_id == "salon"
        assert "consultation" in parts(salon) or len(parts(salon)) > 3
        assert "effective_from" not in salon.document

    def test_a_trade_under_a_title_of_ones_own_is_an_edition_of_ones_own(self, cast):
        draft = start_draft(by=cast.filip, from_bundled="salon", title={"pl": "Łódzkie Loki"})

        assert (draft.edition_id, draft.document["title"]) == ("lodzkie_loki", {"pl": "Łódzkie Loki"})

    def test_an_edition_has_one_draft(self, cast, salon):
        with pytest.raises(Refused) as refused:
            start_draft(by=cast.filip, from_bundled="salon")

        assert refused.value.code == "draft_exists"
        assert Draft.objects.get() == salon

    def test_the_next_version_starts_from_a_published_edition(self, cast, salon):
        document = salon.document | {"version": 3}
        salon.delete()
        edition = Edition.objects.create(
            edition_id="salon", version=3, document=document, digest="", effective_from="2026-12-01"
        )

        draft = start_draft(by=cast.filip, from_edition=edition)

        assert (draft.document["version"], draft.based_on) == (4, edition)
        draft.delete()
        with pytest.raises(Refused) as refused:
            start_draft(by=cast.filip, from_bundled="salon")
        assert refused.value.code == "edition_exists"

    def test_without_a_title_nothing_starts(self, cast):
        with pytest.raises(Refused) as refused:
            start_draft(by=cast.filip, title={"pl": "  "})

        assert refused.value.code == "title_missing"

    def test_who_may_not_draft_starts_nothing(self, cast):
        for nobody in (cast.anna, cast.darek, cast.hubert):
            with pytest.raises(Refused) as refused:
                start_draft(by=nobody, from_bundled="salon")
            assert refused.value.code == "not_permitted"


class TestChanging:
    def test_a_title_changes_in_one_language(self, cast, blank):
        change(cast.filip, blank, "part.set", ["welcome", "title", "pl"], " Dzień dobry ")

        assert Draft.objects.get().document["sequence"][0]["title"] == {"pl": "Dzień dobry", "en": "Welcome"}

    def test_an_id_is_made_from_the_title_and_stays_when_it_is_renamed(self, cast, blank):
        change(cast.filip, blank, "part.add", [], {"title": {"pl": "Ważenie łańcucha"}})
        change(cast.filip, blank, "part.set", ["wazenie_lancucha", "title", "pl"], "Smarowanie")

        assert parts(blank) == ["welcome", "wazenie_lancucha"]

    def test_an_id_is_never_given_twice_even_when_its_first_bearer_is_gone(self, cast, blank):
        change(cast.filip, blank, "part.add", [], {"title": {"en": "Payment"}})
        change(cast.filip, blank, "part.remove", ["payment"])
        change(cast.filip, blank, "part.add", [], {"title": {"en": "Payment"}})

        assert parts(blank) == ["welcome", "payment_2"]

    def test_parts_enhancers_and_standards_are_added_moved_and_removed_by_id(self, cast, blank):
        change(cast.filip, blank, "part.add", [], {"title": {"en": "Repair"}})
        change(cast.filip, blank, "part.move", ["repair"], {"next": "welcome"})
        change(cast.filip, blank, "enhancer.add", ["repair"], {"title": {"en": "Knows the price"}})
        standard = {"behaviour": {"en": "Says the price"}, "channels": ["in_person"]}
        change(cast.filip, blank, "standard.add", ["repair", "knows_the_price"], standard)
        change(cast.filip, blank, "enhancer.move", ["repair", "knows_the_price"], {"parent": "welcome"})

        document = Draft.objects.get().document
        assert parts(blank) == ["repair", "welcome"]
        enhancer = document["sequence"][1]["enhancers"][0]
        assert (enhancer["enhancer"], enhancer["standards"][0]["standard"]) == (
            "knows_the_price",
            "says_the_price",
        )
        assert "enhancers" not in document["sequence"][0]

    def test_evidence_is_put_into_words_in_both_languages(self, cast, blank):
        change(cast.filip, blank, "enhancer.add", ["welcome"], {"title": {"en": "Noticed"}})
        sources = [
            {
                "source": {"pl": "rozmowy z klientami", "en": "customer interviews"},
                "number": "14/20",
                "date": "2026-03-02",
            }
        ]
        change(cast.filip, blank, "enhancer.set", ["welcome", "noticed", "sources"], sources)

        evidence = Draft.objects.get().document["sequence"][0]["enhancers"][0]["evidence"]
        assert evidence["pl"] == "rozmowy z klientami: 14/20, 2 marca 2026"
        assert evidence["en"] == "customer interviews: 14/20, 2 March 2026"
        undo(by=cast.filip, draft_uid=blank.uid, seen=2)
        assert "evidence" not in Draft.objects.get().document["sequence"][0]["enhancers"][0]

    def test_what_the_engine_could_not_read_is_refused_and_changes_nothing(self, cast, blank):
        for action, path, value, code in (
            ("part.set", ["welcome", "feeling"], 500, "field_range"),
            ("service.set", ["kind"], "friendship", "field_choice"),
            ("service.set", ["channels"], ["pigeon"], "field_choice"),
            ("edition.set", ["title"], None, "field_missing"),
            ("edition.set", ["id"], "other", "field_unknown"),
            ("part.set", ["nowhere", "title", "pl"], "x", "field_unknown"),
            ("part.explode", ["welcome"], None, "field_choice"),
        ):
            with pytest.raises(EngineInputError) as wrong:
                change(cast.filip, blank, action, path, value)
            assert (action, wrong.value.code) == (action, code)
        assert Draft.objects.get().revision == 0

    def test_the_last_part_stays(self, cast, blank):
        with pytest.raises(Refused) as refused:
            change(cast.filip, blank, "part.remove", ["welcome"])

        assert refused.value.code == "last_part"

    def test_the_same_again_makes_no_revision(self, cast, blank):
        for _ in range(2):
            change(cast.filip, blank, "part.set", ["welcome", "feeling"], 40)

        assert Draft.objects.get().revision == 1

    def test_a_draft_of_nobody_is_not_found_and_who_may_not_is_refused(self, cast, blank):
        with pytest.raises(Http404):
            change_draft(
                by=cast.filip, draft_uid="x", seen=0, action="edition.set", path=["title", "pl"], value="a"
            )
        with pytest.raises(Refused) as refused:
            change(cast.anna, blank, "edition.set", ["title", "pl"], "x")
        assert refused.value.code == "not_permitted"

    def test_every_change_is_in_the_audit_log(self, cast, blank):
        change(cast.filip, blank, "service.set", ["kind"], "relationship")

        entry = AuditEntry.objects.filter(action="draft.service.set").get()
        assert (entry.by_key, entry.before["kind"], entry.after["kind"]) == (
            cast.filip.audit_key,
            "encounter",
            "relationship",
        )


class TestTwoAtOneDraft:
    def test_changes_of_different_fields_are_both_kept(self, cast, blank):
        change(cast.grazyna, blank, "part.set", ["welcome", "title", "en"], "Hello", seen=0)
        change(cast.filip, blank, "part.set", ["welcome", "title", "pl"], "Cześć", seen=0)

        assert Draft.objects.get().document["sequence"][0]["title"] == {"pl": "Cześć", "en": "Hello"}

    def test_the_same_field_is_not_overwritten_silently(self, cast, blank):
        change(cast.grazyna, blank, "part.set", ["welcome", "title", "pl"], "Hej", seen=0)

        with pytest.raises(Refused) as refused:
            change(cast.filip, blank, "part.set", ["welcome", "title", "pl"], "Cześć", seen=0)

        assert (refused.value.code, refused.value.facts["who"]) == ("changed_meanwhile", "Grażyna Bąk")
        assert Draft.objects.get().document["sequence"][0]["title"]["pl"] == "Hej"
        change(cast.filip, blank, "part.set", ["welcome", "title", "pl"], "Cześć", seen=1)
        assert Draft.objects.get().document["sequence"][0]["title"]["pl"] == "Cześć"

    def test_what_somebody_removed_is_said_to_be_removed(self, cast, salon):
        first = parts(salon)[0]
        change(cast.grazyna, salon, "part.remove", [first], seen=0)

        with pytest.raises(Refused) as refused:
            change(cast.filip, salon, "part.set", [first, "title", "pl"], "Cześć", seen=0)

        assert refused.value.code == "changed_meanwhile"

    def test_what_somebody_worked_on_is_not_removed_unseen(self, cast, salon):
        first = parts(salon)[0]
        change(cast.grazyna, salon, "part.set", [first, "title", "pl"], "Hej", seen=0)

        with pytest.raises(Refused):
            change(cast.filip, salon, "part.remove", [first], seen=0)

    def test_an_enhancer_moved_elsewhere_meanwhile_is_still_found(self, cast, blank):
        change(cast.filip, blank, "part.add", [], {"title": {"en": "Repair"}})
        change(cast.filip, blank, "enhancer.add", ["welcome"], {"title": {"en": "Noticed"}})
        change(cast.grazyna, blank, "enhancer.move", ["welcome", "noticed"], {"parent": "repair"}, seen=2)
        change(cast.filip, blank, "enhancer.set", ["welcome", "noticed", "title", "en"], "Seen", seen=2)

        assert Draft.objects.get().document["sequence"][1]["enhancers"][0]["title"] == {"en": "Seen"}

    def test_ones_own_second_tab_holds(self, cast, blank):
        change(cast.filip, blank, "part.set", ["welcome", "title", "pl"], "Hej", seen=0)
        change(cast.filip, blank, "part.set", ["welcome", "title", "pl"], "Cześć", seen=0)

        assert Draft.objects.get().document["sequence"][0]["title"]["pl"] == "Cześć"

    def test_nobody_takes_back_what_they_have_not_seen(self, cast, blank):
        change(cast.grazyna, blank, "part.set", ["welcome", "title", "pl"], "Hej", seen=0)

        with pytest.raises(Refused) as refused:
            undo(by=cast.filip, draft_uid=blank.uid, seen=0)

        assert refused.value.code == "undo_meanwhile"

    def test_when_somebody_else_changed_it_is_told_by_the_clock_of_the_reader(self, cast, blank):
        change(cast.grazyna, blank, "part.set", ["welcome", "title", "pl"], "Hej", seen=0)

        with timezone.override("Asia/Tokyo"), pytest.raises(Refused) as refused:
            change(cast.filip, blank, "part.set", ["welcome", "title", "pl"], "Cześć", seen=0)

        last = blank.changes.get(revision=1)
        assert f"{refused.value.facts['at']:%H:%M}" == f"{last.at.astimezone(ZoneInfo('Asia/Tokyo')):%H:%M}"


class TestTakingBack:
    def test_a_removed_part_returns_to_its_place(self, cast, salon):
        before = Draft.objects.get().document
        change(cast.filip, salon, "part.remove", [parts(salon)[2]])

        draft = undo(by=cast.filip, draft_uid=salon.uid, seen=1)

        assert (draft.document, draft.revision) == (before, 2)

    def test_undo_and_redo_walk_back_and_forth(self, cast, blank):
        documents = [blank.document]
        documents += [
            change(cast.filip, blank, "part.add", [], {"title": {"en": title}}).document for title in "ABC"
        ]

        for way, expected in (
            (undo, 2),
            (undo, 1),
            (redo, 2),
            (redo, 3),
            (redo, 3),
            (undo, 2),
            (undo, 1),
            (undo, 0),
            (undo, 0),
        ):
            seen = Draft.objects.get().revision
            assert way(by=cast.filip, draft_uid=blank.uid, seen=seen).document == documents[expected]

    def test_something_new_ends_what_could_be_made_again(self, cast, blank):
        change(cast.filip, blank, "part.add", [], {"title": {"en": "A"}})
        undo(by=cast.filip, draft_uid=blank.uid, seen=1)
        change(cast.filip, blank, "part.add", [], {"title": {"en": "B"}})

        assert redo(by=cast.filip, draft_uid=blank.uid, seen=3).revision == 3


def test_evidence_of_any_shape_is_refused_with_its_place(cast, blank):
    change(cast.filip, blank, "enhancer.add", ["welcome"], {"title": {"en": "Noticed"}})

    no_day = {"source": "x", "date": "2026-13-45"}
    for sources in ("x", ["x"], [{"number": "3"}], [no_day], [{"source": []}], 7):
        with pytest.raises(EngineInputError):
            change(cast.filip, blank, "enhancer.set", ["welcome", "noticed", "sources"], sources)
