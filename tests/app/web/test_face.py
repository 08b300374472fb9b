"""What every page has: the way around, language and theme, messages, and a face that everybody can use."""

from __future__ import annotations

import gzip
import re

import brotli
import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.test import Client
from django.utils import translation

from gracja.app.common.refused import Refused
from gracja.app.web import style_sheet
from gracja.app.web.middleware import Refusals
from gracja.app.web.telling import tell, warn
from gracja.wording.refusals import say_refusal

FIRST_PAGE_BYTES = 200_000


def test_the_language_chosen_is_spoken_from_then_on_and_kept_with_the_account(cast, signed_in):
    client = signed_in(cast.anna, language="en")

    answer = client.post("/-/language", {"language": "pl", "next": "/visits/?page=2"})

    cast.anna.refresh_from_db()
    assert (answer.status_code, answer.url, cast.anna.language) == (302, "/visits/?page=2", "pl")
    assert "Nie ma takiej strony" in client.get("/nothing-here").content.decode()


def test_the_language_changed_where_a_form_was_sent_is_a_page_and_not_an_empty_one(cast, signed_in):
    client = signed_in(cast.darek, language="en")
    shown = client.post("/customers/find/", {"given": "nobody"}).content.decode()
    assert 'name="next" value="/customers/find/"' in shown

    opened = client.get("/customers/find/", headers={"referer": "http://testserver/customers/find/"})

    assert (opened.status_code, opened.headers["Allow"]) == (405, "POST")
    assert "only takes what a form sends" in opened.content.decode()
    assert "Go back" not in opened.content.decode()  # to here
    assert client.get("/api/v1/advice").content != opened.content


def test_a_visitor_who_is_not_signed_in_chooses_a_language_too(client, company):
    client.post("/-/language", {"language": "pl"})

    assert 'lang="pl"' in client.get("/nothing-here").content.decode()


@pytest.mark.parametrize("chosen", ["light", "dark"])
def test_the_theme_chosen_is_kept_with_the_account(cast, signed_in, chosen):
    client = signed_in(cast.anna)

    client.post("/-/theme", {"theme": chosen})

    cast.anna.refresh_from_db()
    assert cast.anna.theme == chosen
    assert f'data-theme="{chosen}"' in signed_in(cast.anna).get("/nothing-here").content.decode()


def test_back_to_the_system_s_theme(cast, signed_in):
    client = signed_in(cast.anna)

    for chosen in ("dark", "system"):
        client.post("/-/theme", {"theme": chosen})

    assert "data-theme=" not in client.get("/nothing-here").content.decode()


@pytest.mark.parametrize(("address", "unknown"), [("language", "xx"), ("theme", "pink")])
def test_an_unknown_choice_changes_nothing(cast, signed_in, address, unknown):
    client = signed_in(cast.anna)

    answer = client.post(f"/-/{address}", {address: unknown, "next": "//elsewhere.example/"})

    cast.anna.refresh_from_db()
    assert (answer.status_code, answer.url) == (302, "/")
    assert (cast.anna.language, cast.anna.theme) == ("", "")


@pytest.mark.parametrize("address", ["language", "theme"])
def test_a_choice_is_posted(client, company, address):
    assert client.get(f"/-/{address}").status_code == 405


def test_a_fragment_asked_for_after_the_session_ended_says_so_among_the_messages(client, company):
    answer = client.get("/-/components", headers={"hx-request": "true"})
    assert answer.status_code == 404  # open to all, and not there outside debugging

    answer = client.get("/accounts/sessions/", headers={"hx-request": "true"})

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (401, "#messages")
    assert "/accounts/login/" in answer.content.decode()


def test_what_a_fragment_cannot_have_comes_as_a_message(cast, signed_in):
    answer = signed_in(cast.anna).get("/nothing-here", headers={"hx-request": "true"})

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (404, "#messages")
    assert "<html" not in answer.content.decode()


@pytest.mark.parametrize(
    ("headers", "status", "retargeted"), [({}, 403, None), ({"HX-Request": "true"}, 403, "#messages")]
)
def test_a_refusal_says_what_to_do_as_a_page_or_as_a_message(rf, cast, headers, status, retargeted):
    request = rf.post("/x", headers=headers)
    request.user = cast.darek
    refused = Refused("not_permitted", permission="edition.draft")

    with translation.override("pl"):
        answer = Refusals(lambda _: None).process_exception(request, refused)
        sentence = say_refusal("not_permitted", "pl", permission="edition.draft")

    assert (answer.status_code, answer.headers.get("HX-Retarget")) == (status, retargeted)
    assert sentence.split()[0] in answer.content.decode()


def test_an_error_of_ours_is_no_refusal(rf):
    assert Refusals(lambda _: None).process_exception(rf.get("/"), KeyError("x")) is None


def test_a_question_as_a_page_names_the_thing_and_shows_the_way_out(rf, cast):
    request = rf.get("/x")
    request.user = cast.anna

    page = render_to_string(
        "common/confirm.html",
        {"question": "Delete “Greets”?", "action": "Delete the standard", "back": "/studio/", "danger": True},
        request=request,
    )

    assert '<h1 class="sentence">Delete “Greets”?</h1>' in page
    assert 'class="btn btn--danger"' in page
    assert 'href="/studio/"' in page


def test_what_happened_is_told_with_its_way_back(rf, cast):
    request = rf.get("/x")
    request.user, request.session = cast.anna, {}
    request._messages = CookieStorage(request)
    tell(request, "Moved <b>", undo="/undo/7")
    warn(request, "The file is empty.")

    with translation.override("en"):
        fragment = render_to_string("common/told.html", request=request)

    assert 'action="/undo/7"' in fragment
    assert "Moved &lt;b&gt;" in fragment
    assert fragment.count("message--problem") == 1


def test_a_stale_form_says_what_to_do(cast, roles):
    answer = Client(enforce_csrf_checks=True, headers={"accept-language": "en"}).post("/-/language", {})

    assert answer.status_code == 403
    assert "load it again" in answer.content.decode()


def test_the_first_page_is_light_enough(cast, signed_in):
    page = signed_in(cast.grazyna).get("/nothing-here", headers={"accept-language": "pl"}).content
    named = set(re.findall(rb'"/static/([^"]+\.(?:css|js|svg|woff2))"', page))
    assert named
    todo, sizes = sorted(name.decode() for name in named), {"the page itself": len(gzip.compress(page))}
    while todo:
        name = todo.pop()
        if name in sizes:
            continue
        with open(finders.find(name), "rb") as file:  # noqa: PTH123 (a finder gives a str)
            content = file.read()
        sizes[name] = len(content) if name.endswith("woff2") else len(brotli.compress(content, quality=9))
        folder = name.rsplit("/", 1)[0]
        asked = [*re.findall(rb'url\("([^"]+)"\)', content), *re.findall(rb'from "\./([^"]+)"', content)]
        todo += [f"{folder}/{one.decode()}" for one in asked]

    # both scripts of both families: a Polish page with a quote on it
    assert sum(name.endswith("woff2") for name in sizes) == 4
    assert sum(sizes.values()) <= FIRST_PAGE_BYTES, sizes


def test_the_style_sheet_is_put_together_once_and_again_when_a_part_changed(tmp_path, monkeypatch):
    style, kept = tmp_path / "style", tmp_path / "kept"
    style.mkdir()
    for part in style_sheet.PARTS:
        (style / f"{part}.css").write_text(f".{part} {{}}\n", encoding="utf-8")
    monkeypatch.setattr(style_sheet, "STYLE", style)

    sheet = style_sheet.put_together(kept)
    first = sheet.stat()
    assert style_sheet.put_together(kept).stat() == first
    (style / "fields.css").write_text(".new {}\n", encoding="utf-8")
    style_sheet.put_together(kept)

    at = style_sheet.PARTS.index("fields")
    assert sheet.read_text(encoding="utf-8").split("\n\n")[at : at + 2] == [".new {}", ".tables {}"]


def test_every_part_of_the_style_sheet_is_in_it():
    assert {path.stem for path in style_sheet.STYLE.glob("*.css")} == set(style_sheet.PARTS)


@pytest.mark.parametrize(
    ("who", "address", "door"),
    [
        ("filip", "/standards/editions/", "/standards/studio/"),
        ("darek", "/standards/editions/", "/standards/ours/"),
        ("grazyna", "/tokens/", "/organisation/"),
        ("grazyna", "/organisation/places/", "/organisation/"),
        ("grazyna", "/", "/"),
    ],
)
def test_the_door_a_page_belongs_to_is_marked(cast, signed_in, who, address, door):
    page = signed_in(getattr(cast, who)).get(address).content.decode()

    assert set(re.findall(r'<a href="([^"]+)" aria-current="page"', page.partition("<main")[0])) == {door}
