"""Phase 4 of the studio: enhancers become standards. Fields, findings, detectors, the try; and who may."""

from __future__ import annotations

import html
import re

import pyarrow as pa
import pytest
from app.contacts.conftest import conversation, turn
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from gracja.app.contacts.archive import company_archive
from gracja.app.organisation.models import Membership
from gracja.app.standards.services.drafts import change_draft
from gracja.app.standards.services.drafts_start import start_draft
from gracja.app.standards.services.operations import spot_of, spots
from gracja.archive.imports import import_conversations
from gracja.engine.tables import CONVERSATIONS

MOST_QUERIES = 15


@pytest.fixture
def salon(cast):
    return start_draft(by=cast.filip, from_bundled="salon")


def more(archive, *rows):
    import_conversations(
        archive, [pa.Table.from_pylist(list(rows), schema=CONVERSATIONS)], on_changed=lambda _: None
    )


@pytest.fixture
def talks(cast):
    """Five conversations that begin with a greeting, and one that does not."""
    archive = company_archive()
    greeted = [conversation(f"rynek {number}") for number in range(5)]
    more(archive, *greeted, conversation("cold", turns=[turn("agent", "Łączę z salonem.")]))
    return archive


@pytest.fixture
def client(signed_in, cast):
    return signed_in(cast.filip)


@pytest.fixture
def greets():
    """A standard of the salon with phrases, on the phone and in chats."""
    return "greets_on_the_line"


@pytest.fixture
def post(client, salon):
    """`post("studio_standard_set", "greets", name="weight", value="3")`, having seen the last revision."""

    def sent(view, /, *ids, who=client, htmx=False, **fields):
        salon.refresh_from_db()
        headers = {"HX-Request": "true"} if htmx else {}
        given = {"seen": salon.revision, **fields}
        return who.post(reverse(view, args=[salon.uid, *ids]), given, headers=headers)

    return sent


def element(draft, standard):
    draft.refresh_from_db()
    return spot_of(draft.document, "standard", standard).element


def test_the_bench_opens_at_the_first_standard(client, salon):
    page = client.get(reverse("studio_standards", args=[salon.uid])).text

    first = next(spot.element for kind, spot in spots(salon.document) if kind == "standard")
    assert first["behaviour"]["en"] in page
    assert 'aria-current="true"' in page


def test_a_part_is_opened_by_its_id_and_none_by_another(client, salon):
    address = reverse("studio_standards", args=[salon.uid])

    part = salon.document["sequence"][-1]
    assert part["enhancers"][0]["title"]["en"] in client.get(address, {"part": part["part"]}).text
    assert client.get(address, {"part": "nothing"}).status_code == 404


def test_a_part_without_an_enhancer_asks_for_one(client, salon, cast):
    change_draft(
        by=cast.filip,
        draft_uid=salon.uid,
        seen=0,
        action="part.add",
        path=[],
        value={"title": {"en": "Waiting", "pl": "Czekanie"}},
    )

    page = client.get(reverse("studio_standards", args=[salon.uid]), {"part": "waiting"}).text

    assert "What enhances “Waiting”?" in page
    assert "No standard here yet." in page


@pytest.mark.parametrize(
    ("name", "value", "field", "kept"),
    [
        ("behaviour/en", "Says: “Hello”", "behaviour", "Says: “Hello”"),
        ("weight", "7", "weight", 7),
        ("service_mode", "personal", "service_mode", "personal"),
        ("rung", "initiative", "rung", "initiative"),
        ("critical", "1", "critical", True),
        ("channels", ["chat", "phone"], "channels", ["chat", "phone"]),
    ],
)
def test_each_field_is_saved_by_itself(post, salon, greets, name, value, field, kept):
    response = post("studio_standard_set", greets, name=name, value=value)

    assert response.status_code == 302
    saved = element(salon, greets)[field]
    assert (saved["en"] if isinstance(saved, dict) else saved) == kept


def test_saving_the_same_again_changes_nothing(post, salon, greets):
    post("studio_standard_set", greets, name="weight", value="7")
    salon.refresh_from_db()
    revision = salon.revision

    post("studio_standard_set", greets, name="weight", value="7")

    salon.refresh_from_db()
    assert salon.revision == revision


def test_what_cannot_be_saved_is_told_beside_the_field_and_stays_there(post, salon, greets):
    response = post("studio_standard_set", greets, name="weight", value="70")

    assert response.status_code == 422
    assert 'value="70"' in response.text
    assert "sequence[" not in response.text
    assert element(salon, greets).get("weight") != 70


def test_an_unknown_field_is_not_found(post, greets):
    assert post("studio_standard_set", greets, name="standard", value="x").status_code == 404


def test_a_change_on_what_somebody_else_changed_shows_both(signed_in, cast, salon, greets, client, roles):
    Membership.objects.create(person=cast.hubert.person, role=roles["service_manager"])
    address = reverse("studio_standard_set", args=[salon.uid, greets])
    signed_in(cast.hubert).post(address, {"seen": 0, "name": "behaviour/en", "value": "Says hello"})

    response = client.post(address, {"seen": 0, "name": "behaviour/en", "value": "Says good day"})

    assert response.status_code == 409
    assert "Says good day" in response.text
    assert "Use mine" in response.text
    assert element(salon, greets)["behaviour"]["en"] == "Says hello"


def test_a_vague_text_is_found_fault_with_while_it_is_typed(client, salon, greets):
    address = reverse("studio_standard_read", args=[salon.uid, greets])

    page = client.post(address, {"name": "behaviour/en", "value": "Is friendly to the customer"}).text

    assert "Two people will mark this differently" in page
    assert '<span class="squig">friendly</span>' in page
    assert "Is friendly" not in str(element(salon, greets))


def test_a_rewording_is_taken_with_one_click(client, post, salon, greets):
    post("studio_standard_set", greets, name="behaviour/en", value="Is friendly to the customer")
    page = client.get(reverse("studio_standard", args=[salon.uid, greets])).text
    offered = re.search(
        r'name="name" value="behaviour/en"><input type="hidden" name="value" value="(.+?)">', page
    )

    post("studio_standard_set", greets, name="behaviour/en", value=html.unescape(offered[1]))

    page = client.get(reverse("studio_standard", args=[salon.uid, greets])).text
    assert "Two people will mark" not in page
    assert offered[1] in page


def test_two_behaviours_are_split_with_one_click(post, salon, greets):
    post("studio_standard_split", greets, language="en", texts=["Greets the customer", "Offers a drink"])

    texts = [spot.element["behaviour"].get("en") for kind, spot in spots(_fresh(salon)) if kind == "standard"]
    assert texts[texts.index("Greets the customer") + 1] == "Offers a drink"


def test_a_situation_is_proposed_where_there_is_none(client, post, salon, greets):
    post("studio_standard_set", greets, name="when/pl", value="")
    typed = {"name": "when/en", "value": ""}

    page = client.post(reverse("studio_standard_read", args=[salon.uid, greets]), typed).text

    assert "Nobody knows when this is due" in page
    assert 'name="name" value="when/en"' in page


def test_measures_have_their_own_fields(client, post, salon, greets):
    post("studio_standard_set", greets, name="detect", value="")
    post("studio_standard_measure", greets, kind="scale")
    page = client.get(reverse("studio_standard", args=[salon.uid, greets])).text
    assert "Steps, the worst first" in page

    steps = {"0/en": "Says nothing", "1/en": "Says hello", "2/en": ""}
    post("studio_standard_set", greets, name="measure/scale", **steps)
    assert element(salon, greets)["measure"] == {"scale": [{"en": "Says nothing"}, {"en": "Says hello"}]}
    post("studio_standard_measure", greets, kind="count")
    post("studio_standard_set", greets, name="measure/count_at_least", value="3")
    assert element(salon, greets)["measure"] == {"count_at_least": 3}


def test_a_measure_that_the_detector_cannot_give_is_refused_in_words(post, greets):
    response = post("studio_standard_measure", greets, kind="seconds")

    assert response.status_code == 422
    assert 'role="alert"' in response.text


def test_a_standard_is_added_copied_moved_and_removed(post, salon, greets, client):
    parent = spot_of(salon.document, "standard", greets).parent
    response = post("studio_standard_add", parent, behaviour="Names the price before starting")
    added = response.url.rstrip("/").rpartition("/")[2]
    assert element(salon, added)["behaviour"] == {"en": "Names the price before starting"}

    assert post("studio_standard_act", added, do="copy").status_code == 302
    post("studio_standard_act", added, do="up")
    response = post("studio_standard_act", added, do="remove")
    page = client.get(response.url).text
    assert "Removed: Names the price before starting." in page
    assert spot_of(_fresh(salon), "standard", added) is None


def test_a_standard_without_words_is_refused_beside_its_field(post, salon, greets):
    parent = spot_of(salon.document, "standard", greets).parent

    response = post("studio_standard_add", parent, behaviour="  ")

    assert response.status_code == 422
    assert "Write what the employee does." in response.text


def test_phrases_are_added_and_removed(post, salon, greets):
    post("studio_phrases", greets, do="add", kind="agent_says", language="pl", phrase="halo {0..2} salon")
    assert "halo {0..2} salon" in element(salon, greets)["detect"]["agent_says"]["pl"]

    post("studio_phrases", greets, do="remove", kind="agent_says", language="pl", phrase="halo {0..2} salon")
    assert "halo {0..2} salon" not in element(salon, greets)["detect"]["agent_says"]["pl"]


def test_a_phrase_that_cannot_be_read_stays_in_its_field_with_the_reason(post, greets):
    response = post(
        "studio_phrases", greets, do="add", kind="agent_says", language="pl", phrase="{kolor} pasuje"
    )

    assert response.status_code == 422
    assert 'value="{kolor} pasuje"' in response.text
    assert "{name}" in response.text


def test_the_moment_is_chosen(post, salon, greets):
    post("studio_moment", greets, end="last", n="3", of="agent")

    assert element(salon, greets)["detect"]["where"] == {"last": 3}


def test_yaml_with_a_mistake_is_told_with_its_line(post, salon, greets):
    before = element(salon, greets)["detect"]

    response = post("studio_detector", greets, text="agent_says: [a]\nwithin: week\n")

    assert response.status_code == 422
    assert "2:1" in response.text
    assert "within: week" in response.text
    assert element(salon, greets)["detect"] == before


def test_signals_are_listed_added_and_changed(client, post, salon):
    page = client.get(reverse("studio_signals", args=[salon.uid])).text
    name = next(iter(salon.document["signals"]))
    assert name in page

    new = {"title": "Asks for silence", "kind": "customer_says", "phrase": "quiet please"}
    assert post("studio_signals", **new).status_code == 302
    post("studio_signal", "asks_for_silence", do="add", kind="customer_says", language="pl", phrase="w ciszy")
    signal = _fresh(salon)["signals"]["asks_for_silence"]
    assert signal == {"customer_says": {"en": ["quiet please"], "pl": ["w ciszy"]}}
    assert post("studio_signal", "no_such", do="add", kind="like", phrase="x").status_code == 404
    assert post("studio_signals", title="", kind="customer_says", phrase="x").status_code == 422


def test_the_try_shows_hits_and_near_misses_in_place(client, salon, greets, talks):
    more(talks, conversation("near", turns=[turn("agent", "Dzien dobr. Salon."), turn("customer", "Hej")]))

    page = client.get(reverse("studio_try", args=[salon.uid, greets]), headers={"HX-Request": "true"}).text

    assert "<mark>Dzień dobry</mark>" in page
    assert "Met in 5 of 7 conversations where it was due." in page
    assert '<span class="near">' in page
    assert "Count this, too:" in page


def test_the_try_stands_alone_without_script(client, salon, greets, talks):
    page = client.get(reverse("studio_try", args=[salon.uid, greets]))

    assert page.status_code == 200
    assert "<html" in page.text
    assert "<mark>" in page.text


def test_without_conversations_the_try_leads_to_the_upload(client, salon, greets):
    page = client.get(reverse("studio_try", args=[salon.uid, greets])).text

    assert "No conversations yet." in page
    assert reverse("uploads") in page


def test_words_of_ones_own_are_tried(post, greets):
    page = post("studio_words", greets, htmx=True, words="Customer: Hej\nEmployee: Dzień dobry, salon").text

    assert "<mark>" in page


def test_conversations_without_a_hit_are_shown(client, salon, greets, talks):
    page = client.get(reverse("studio_missed", args=[salon.uid, greets])).text

    assert "Łączę z salonem." in page


def test_what_people_wrote_is_escaped(post, client, salon, greets):
    post("studio_standard_set", greets, name="behaviour/en", value="Says “<script>alert(1)</script>”")
    post("studio_phrases", greets, do="add", kind="like", language="en", phrase="<b>x</b> y")

    page = client.get(reverse("studio_standard", args=[salon.uid, greets])).text

    assert "<script>alert" not in page
    assert "<b>x</b>" not in page


@pytest.mark.parametrize("who", ["anna", "darek", "borys", "hubert"])
def test_only_who_drafts_comes_in(signed_in, cast, salon, greets, who):
    visitor = signed_in(getattr(cast, who))

    for name in ("studio_standard", "studio_try", "studio_missed"):
        assert visitor.get(reverse(name, args=[salon.uid, greets])).status_code == 403
    for name in ("studio_standards", "studio_signals"):
        assert visitor.get(reverse(name, args=[salon.uid])).status_code == 403
    for name in (
        "studio_standard_set",
        "studio_standard_measure",
        "studio_standard_split",
        "studio_standard_act",
        "studio_standard_read",
        "studio_phrases",
        "studio_moment",
        "studio_detector",
        "studio_words",
    ):
        given = {"seen": 0, "name": "weight", "value": "3", "kind": "count", "do": "copy", "language": "pl"}
        assert visitor.post(reverse(name, args=[salon.uid, greets]), given).status_code == 403, name


def test_a_standard_that_is_not_there_is_not_found(client, salon):
    assert client.get(reverse("studio_standard", args=[salon.uid, "nobody"])).status_code == 404
    assert client.get(reverse("studio_standard", args=["nobody", "nobody"])).status_code == 404


@pytest.mark.parametrize(
    "name", ["studio_standard_set", "studio_standard_act", "studio_phrases", "studio_standard_read"]
)
def test_changes_are_posted(client, salon, greets, name):
    assert client.get(reverse(name, args=[salon.uid, greets])).status_code == 405


def test_no_page_asks_the_database_more_than_fifteen_times(client, post, salon, greets, talks):
    pages = [
        reverse("studio_standards", args=[salon.uid]),
        reverse("studio_standard", args=[salon.uid, greets]),
        reverse("studio_try", args=[salon.uid, greets]),
        reverse("studio_missed", args=[salon.uid, greets]),
        reverse("studio_signals", args=[salon.uid]),
    ]
    for page in pages:
        with CaptureQueriesContext(connection) as queries:
            assert client.get(page).status_code == 200
        assert len(queries) <= MOST_QUERIES, (page, len(queries))


def _fresh(draft):
    draft.refresh_from_db()
    return draft.document
