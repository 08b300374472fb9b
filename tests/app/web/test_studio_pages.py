from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gracja.app.standards.models import Draft, DraftChange
from gracja.app.standards.selectors.trades import trades
from gracja.app.standards.services.drafts import change_draft
from gracja.app.standards.services.drafts_start import start_draft
from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.read import edition_from_json, read_edition

pytestmark = pytest.mark.django_db
PHASES = ("sequence", "parts", "enhancers")
HTMX = {"hx-request": "true"}


@pytest.fixture
def salon(cast):
    return start_draft(by=cast.filip, from_bundled="salon")


@pytest.fixture
def blank(cast):
    return start_draft(by=cast.filip, title={"pl": "Serwis rowerów", "en": "Bicycle repairs"})


def address(name, draft):
    return reverse(name, args=[draft.uid])


def send(client, draft, action, path, *, seen=0, phase="parts", headers=None, **fields):
    given = {"action": action, "path": path, "seen": seen, "phase": phase, "key": "form"} | fields
    return client.post(address("studio_change", draft), given, headers=headers or {})


def part(draft, at=0):
    return Draft.objects.get(pk=draft.pk).document["sequence"][at]


class TestOpening:
    @pytest.mark.parametrize("language", ["pl", "en"])
    def test_every_phase_opens_in_both_languages(self, signed_in, cast, salon, blank, language):
        client = signed_in(cast.filip, language=language)

        assert client.get(reverse("studio")).status_code == 200
        for draft in (salon, blank):
            for phase in PHASES:
                assert client.get(address(f"studio_{phase}", draft)).status_code == 200

    def test_who_may_not_draft_finds_no_studio(self, signed_in, cast, blank):
        for nobody in (cast.anna, cast.borys, cast.darek, cast.hubert):
            client = signed_in(nobody)
            assert client.get(reverse("studio")).status_code == 403
            for name in (*(f"studio_{phase}" for phase in PHASES), "studio_state", "studio_draft"):
                assert client.get(address(name, blank)).status_code == 403
            assert send(client, blank, "part.set", "welcome", **{"title/pl": "x"}).status_code == 403
            assert client.post(address("studio_undo", blank), {"seen": 0}).status_code == 403
        assert Draft.objects.get().revision == 0

    def test_a_draft_that_is_not_there_is_not_found(self, signed_in, cast):
        client = signed_in(cast.filip)

        assert client.get(reverse("studio_parts", args=["nowhere"])).status_code == 404
        asked = {"action": "part.remove", "path": "welcome", "seen": 0}
        assert client.post(reverse("studio_change", args=["nowhere"]), asked).status_code == 404

    def test_a_change_is_sent_and_a_page_is_read(self, signed_in, cast, blank):
        client = signed_in(cast.filip)

        assert client.get(address("studio_change", blank)).status_code == 405
        assert client.get(address("studio_undo", blank)).status_code == 405
        assert client.post(address("studio_parts", blank)).status_code == 405

    def test_a_draft_goes_on_at_the_first_phase_that_is_not_finished(self, signed_in, cast, blank):
        response = signed_in(cast.filip).get(address("studio_draft", blank))

        assert response.headers["Location"] == address("studio_sequence", blank)

    def test_the_trades_say_what_their_editions_say(self):
        for trade in trades():
            edition = read_edition(bundled_text(trade.name)).edition
            said = (
                edition.title,
                edition.service.kind,
                len(edition.sequence),
                len(list(edition.standards())),
            )
            assert (trade.title, trade.kind, trade.parts, trade.standards) == said


class TestStarting:
    def test_a_draft_starts_from_a_blank_page(self, signed_in, cast):
        response = signed_in(cast.filip).post(
            reverse("studio"), {"origin": "blank", "title_pl": "Pralnia", "kind": "relationship"}
        )

        draft = Draft.objects.get()
        assert response.headers["Location"] == address("studio_sequence", draft)
        assert (draft.edition_id, draft.document["service"]["kind"]) == ("pralnia", "relationship")

    def test_a_draft_starts_from_a_trade(self, signed_in, cast):
        signed_in(cast.filip).post(reverse("studio"), {"origin": "restaurant"})

        assert Draft.objects.get().edition_id == "restaurant"

    @pytest.mark.usefixtures("blank")
    def test_what_is_missing_is_said_and_nothing_typed_is_lost(self, signed_in, cast):
        client = signed_in(cast.filip)

        for given in (
            {"title_pl": "Pralnia"},
            {"origin": "blank"},
            {"origin": "blank", "title_en": "Bicycle repairs"},
        ):
            response = client.post(reverse("studio"), given)
            assert response.status_code == 422
            assert all(one in response.text for one in given.values())
        assert Draft.objects.count() == 1


class TestChanging:
    def test_a_field_is_saved_at_once_and_only_the_head_is_drawn_anew(self, signed_in, cast, blank):
        response = send(
            signed_in(cast.filip), blank, "part.set", "welcome", headers=HTMX, **{"title/pl": "Hej"}
        )

        assert response.status_code == 200
        assert part(blank)["title"]["pl"] == "Hej"
        assert 'id="studio-state"' in response.text
        assert 'data-revision="1"' in response.text
        assert 'id="phase"' not in response.text

    def test_without_scripts_a_form_saves_all_its_fields_and_returns(self, signed_in, cast, blank):
        fields = {
            "title/pl": "Hej",
            "title/en": "Hello",
            "customer_does/pl": "Wchodzi",
            "employee_does/pl": "",
        }
        response = send(signed_in(cast.filip), blank, "part.set", "welcome", **fields)

        assert response.headers["Location"] == address("studio_parts", blank)
        assert part(blank) == {
            "part": "welcome",
            "title": {"pl": "Hej", "en": "Hello"},
            "customer_does": {"pl": "Wchodzi"},
        }

    def test_a_part_is_added_moved_and_removed_and_the_phase_is_drawn_anew(self, signed_in, cast, blank):
        client = signed_in(cast.filip)

        added = send(client, blank, "part.add", "", headers=HTMX, **{"title/pl": "Naprawa"})
        moved = send(client, blank, "part.move", "naprawa", headers=HTMX, next="welcome")
        assert [part(blank, at)["part"] for at in (0, 1)] == ["naprawa", "welcome"]
        removed = send(client, blank, "part.remove", "welcome", headers=HTMX, named="Powitanie")

        assert all('id="phase"' in one.text for one in (added, moved, removed))
        assert "Powitanie" in removed.text
        client.post(f"{address('studio_undo', blank)}?seen=3&phase=parts")
        assert [part(blank, at)["part"] for at in (0, 1)] == ["naprawa", "welcome"]

    def test_kind_channels_levels_and_borders_of_the_service_are_saved(self, signed_in, cast, blank):
        client = signed_in(cast.filip)
        send(client, blank, "service.set", "", phase="sequence", kind="relationship")
        send(
            client,
            blank,
            "service.set",
            "",
            phase="sequence",
            **{"begins/pl": "dzwoni", "channels": ["phone", ""]},
        )
        send(client, blank, "aspire.set", "", phase="sequence", base="92,5")

        document = Draft.objects.get().document
        assert document["service"] == {
            "kind": "relationship",
            "begins": {"pl": "dzwoni"},
            "channels": ["phone"],
        }
        assert document["aspire"]["base"] == 0.925

    def test_evidence_is_saved_as_source_number_and_day(self, signed_in, cast, blank):
        client = signed_in(cast.filip)
        send(client, blank, "enhancer.add", "welcome", phase="enhancers", **{"title/pl": "Zauważony"})
        fields = {
            "title/pl": "Zauważony",
            "sources/0/pl": "rozmowy z klientami",
            "sources/0/number": "14/20",
            "sources/0/date": "2026-03-01",
            "sources/1/pl": "",
        }
        send(client, blank, "enhancer.set", "welcome/zauwazony", seen=1, phase="enhancers", **fields)

        enhancer = part(blank)["enhancers"][0]
        assert enhancer["sources"] == [
            {"source": {"pl": "rozmowy z klientami"}, "number": "14/20", "date": "2026-03-01"}
        ]
        assert enhancer["evidence"] == {"pl": "rozmowy z klientami: 14/20, 1 marca 2026"}

    def test_the_curve_is_saved_part_by_part(self, signed_in, cast, blank):
        client = signed_in(cast.filip)
        send(client, blank, "part.set", "", phase="enhancers", **{"welcome/feeling": "-40"})
        assert part(blank)["feeling"] == -40
        send(client, blank, "part.set", "", seen=1, phase="enhancers", **{"welcome/feeling": ""})
        assert "feeling" not in part(blank)

    def test_what_cannot_be_saved_is_said_beside_the_field(self, signed_in, cast, blank):
        client = signed_in(cast.filip)
        fields = {"welcome/feeling": "900"}

        response = send(client, blank, "part.set", "", phase="enhancers", headers=HTMX, **fields)
        plain = send(client, blank, "part.set", "", phase="enhancers", **fields)

        assert (response.status_code, response.headers["HX-Retarget"]) == (422, "#problem-form")
        assert plain.status_code == 422
        assert Draft.objects.get().revision == 0

    def test_what_no_form_sends_is_not_found(self, signed_in, cast, blank):
        client = signed_in(cast.filip)

        for action, path in (("part.explode", "welcome"), ("draft.set", ""), ("part.set", "../x")):
            assert send(client, blank, action, path, **{"title/pl": "x"}).status_code == 404
        assert send(client, blank, "edition.set", "", version="9").status_code == 422

    def test_undo_and_redo_come_back_to_the_phase(self, signed_in, cast, blank):
        client = signed_in(cast.filip)
        send(client, blank, "part.set", "welcome", **{"title/pl": "Hej"})

        response = client.post(address("studio_undo", blank), {"seen": 1, "phase": "parts"})
        assert response.headers["Location"] == address("studio_parts", blank)
        assert part(blank)["title"]["pl"] == "Powitanie"
        response = client.post(address("studio_redo", blank), {"seen": 2, "phase": "parts"}, headers=HTMX)
        assert response.headers["HX-Refresh"] == "true"
        assert part(blank)["title"]["pl"] == "Hej"


class TestTwoAtOneDraft:
    def change(self, cast, draft, path, value):
        revision = Draft.objects.get(pk=draft.pk).revision
        change_draft(
            by=cast.grazyna, draft_uid=draft.uid, seen=revision, action="part.set", path=path, value=value
        )

    def test_a_form_does_not_take_back_what_others_wrote_in_its_other_fields(self, signed_in, cast, blank):
        self.change(cast, blank, ["welcome", "title", "en"], "Hello")

        fields = {"title/pl": "Hej", "title/en": "Welcome", "customer_does/pl": ""}
        response = send(signed_in(cast.filip), blank, "part.set", "welcome", headers=HTMX, **fields)

        assert response.status_code == 200
        assert part(blank)["title"] == {"pl": "Hej", "en": "Hello"}

    def test_both_versions_of_the_same_field_stand_side_by_side(self, signed_in, cast, blank):
        self.change(cast, blank, ["welcome", "title", "pl"], "Cześć")

        client = signed_in(cast.filip)
        for headers in (HTMX, {}):
            response = send(client, blank, "part.set", "welcome", headers=headers, **{"title/pl": "Hej"})
            assert response.status_code == 409
            assert all(one in response.text for one in ("Cześć", "Hej", "Grażyna Bąk"))
        assert part(blank)["title"]["pl"] == "Cześć"
        send(client, blank, "part.set", "welcome", seen=1, **{"title/pl": "Hej"})
        assert part(blank)["title"]["pl"] == "Hej"

    def test_the_head_says_who_else_is_here_and_what_has_changed(self, signed_in, cast, blank):
        self.change(cast, blank, ["welcome", "title", "en"], "Hello")
        client = signed_in(cast.filip)

        state = client.get(f"{address('studio_state', blank)}?seen=0&phase=parts").text

        assert "Grażyna Bąk is working on Hello" in state
        assert "Changed meanwhile by Grażyna Bąk." in state

    def test_words_of_a_stranger_stay_words(self, signed_in, cast, blank):
        self.change(cast, blank, ["welcome", "title", "en"], "<script>alert(1)</script>")

        for phase in PHASES:
            page = signed_in(cast.filip).get(address(f"studio_{phase}", blank)).text
            assert "<script>alert" not in page


@pytest.fixture
def large(cast):
    """A draft of ten parts and 200 standards."""
    document = start_draft(by=cast.filip, title={"en": "Large", "pl": "Duży"}).document
    document["sequence"] = [
        {
            "part": f"part_{p}",
            "title": {"pl": f"Część {p}", "en": f"Part {p}"},
            "enhancers": [
                {
                    "enhancer": f"enhancer_{p}_{e}",
                    "title": {"pl": f"Element {e}", "en": f"Enhancer {e}"},
                    "standards": [
                        {
                            "standard": f"standard_{p}_{e}_{s}",
                            "behaviour": {"pl": f"Mówi: „{s}”", "en": f"Says: {s}"},
                            "channels": ["chat"],
                            "detect": {
                                "agent_says": {"pl": [f"zwrot {s} {{0..2}} koniec"], "en": [f"phrase {s}"]}
                            },
                        }
                        for s in range(4)
                    ],
                }
                for e in range(5)
            ],
        }
        for p in range(10)
    ]
    Draft.objects.all().delete()
    return start_draft(by=cast.filip, from_document=edition_from_json(document))


def test_no_page_and_no_change_of_a_large_draft_asks_the_database_often(signed_in, cast, large):
    client = signed_in(cast.filip)
    DraftChange.objects.bulk_create(
        DraftChange(
            draft=large, revision=at + 1, by=cast.grazyna.person, action="part.set", path=["part_1", "title"]
        )
        for at in range(60)
    )
    Draft.objects.update(revision=60)
    for name in ("studio", *(f"studio_{phase}" for phase in PHASES)):
        with CaptureQueriesContext(
            connection,
        ) as asked:
            assert client.get(reverse(name, args=[] if name == "studio" else [large.uid])).status_code == 200
        assert len(asked) <= 15, name
    with CaptureQueriesContext(connection) as asked:
        send(client, large, "part.set", "part_2", seen=60, headers=HTMX, **{"title/pl": "Nowa"})
    assert len(asked) <= 25
