"""The panel inside a helpdesk of another site, where the browser gives the frame no cookie."""

from __future__ import annotations

import http.server
import threading
from pathlib import Path

import pytest
from app.gestures.conftest import terms
from django.core.cache import cache

from gracja.app.common.clock import today
from gracja.app.common.models import AuditEntry
from gracja.app.common.money import Money
from gracja.app.contacts.services.customers.records import Details, add_customer
from gracja.app.gestures.models import Gesture
from gracja.app.gestures.services.budgets import open_budget
from gracja.app.gestures.services.policies import write_policy
from gracja.app.service_mode.models import Advised, Keeping, PanelKey
from gracja.app.service_mode.services.panel_keys import make_panel_key, withdraw_panel_key

pytestmark = pytest.mark.browser
PAGE = Path(__file__).with_name("helpdesk.html").read_text(encoding="utf-8")


@pytest.fixture
def helpdesk(served, site):
    """A helpdesk's server, in front of the panel at localhost."""
    page = PAGE.replace("PANEL", f"{served}/counter/panel/").encode()

    class Answer(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(page)

        def log_message(self, *_said):
            pass

    server = http.server.ThreadingHTTPServer((site, 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://{site}:{server.server_port}"
    cache.clear()
    Keeping.objects.create(panel_origins=[address])
    yield address
    server.shutdown()
    server.server_close()
    cache.clear()


@pytest.fixture
def site():
    """Another site than the panel's: the browser gives its frame no cookie, and here keeps nothing for it."""
    return "127.0.0.1"


@pytest.fixture
def gift(cast, rynek):
    first, last = today().replace(day=1), today().replace(month=12, day=31)
    open_budget(by=cast.filip, place=rynek, first_day=first, last_day=last, amount=Money(30_00, "PLN"))
    in_chats = {"field": "channel", "comparison": "one_of", "value": ["chat"]}
    return write_policy(by=cast.filip, document=terms("gift", usual_minor=10_00, conditions=in_chats))


def key_of(user, **given):
    return make_panel_key(by=user, **({"title": "Chatwoot", "grants": True, "days": 30} | given))


def entered(page, helpdesk, secret):
    """The panel in the helpdesk's frame, let in with a key that is pasted."""
    page.set_default_timeout(60_000)  # the first page of a run compiles its templates
    page.goto(helpdesk)
    panel = page.frame_locator("#app")
    panel.get_by_label("Klucz panelu").fill(secret)
    panel.get_by_role("button", name="Otwórz panel").click()
    panel.locator("main[data-ready]").wait_for()
    # the page that asks for a key; and that this browser keeps nothing for frames
    page.said[:] = [one for one in page.said if "401" not in one and "denied permission" not in one]
    return panel


def test_from_the_helpdesk_s_conversation_to_a_granted_gesture(
    window, violations, cast, edition, helpdesk, gift
):
    add_customer(by=cast.darek, details=Details("Joanna Kruk", "+48 601 234 567"))
    page = window(cast.darek)  # signed in to Gracja, which a frame of another site does not know
    panel = entered(page, helpdesk, key_of(cast.darek).secret)

    panel.locator("[data-heard]").wait_for()
    panel.locator(".tap", has_text="prosi o radę").click()
    panel.locator("#gest-number").wait_for()
    assert panel.locator("#gest-number").input_value() == "+48601234567"
    panel.get_by_role("button", name="Pokaż gesty").click()
    panel.locator(".gest__who", has_text="Joanna Kruk").wait_for()
    assert violations(page) == []
    panel.locator(".gest__tile").click()
    panel.locator("[data-granted=reserved]").wait_for()

    gesture = Gesture.objects.get()
    assert gesture.given_by == cast.darek.person
    assert gesture.reason == "Przy kliencie: prosi o radę"
    assert AuditEntry.objects.filter(action="gesture.grant", by_key=cast.darek.person.key).exists()

    page.evaluate("open({ conversation: { id: 72, messages: [] }, contact: { email: 'x@example.com' } })")
    panel.locator("[data-gestures-told]:empty").wait_for(state="attached")
    assert panel.locator("#gest-number").input_value() == "x@example.com"
    assert panel.locator(".tap :checked").count() == 0
    page.said.clear()  # that the browser keeps nothing for this frame


def test_whoever_is_not_known_by_telephone_is_found_by_the_next_that_the_helpdesk_says(
    window, cast, edition, helpdesk, gift
):
    add_customer(by=cast.darek, details=Details("Joanna Kruk", email="nobody.here@example.com"))
    page = window(None)
    panel = entered(page, helpdesk, key_of(cast.darek).secret)

    panel.locator("[data-heard]").wait_for()
    panel.get_by_role("button", name="Pokaż gesty").click()

    panel.locator(".gest__who", has_text="Joanna Kruk").wait_for()
    page.said.clear()  # by telephone nobody was found


@pytest.mark.parametrize("site", ["localhost"])  # for which this browser keeps something
def test_the_browser_keeps_the_key_until_it_is_withdrawn(window, cast, edition, helpdesk):
    made = key_of(cast.darek, grants=False)
    page = window(None)
    panel = entered(page, helpdesk, made.secret)
    assert panel.locator("[data-gestures]").count() == 0  # the key opens advice alone
    panel.locator(".tap", has_text="spieszy się").click()
    with page.expect_response("**/counter/records/"):
        panel.locator("[data-next]").click()
    assert Advised.objects.get().source == "panel"

    page.reload()
    panel.locator("main[data-ready]").wait_for()
    assert PanelKey.objects.get().used_at

    withdraw_panel_key(by=cast.filip, key=made.key)
    page.reload()
    panel.get_by_role("alert").wait_for()
    assert "nie działa" in panel.get_by_role("alert").inner_text()
    page.reload()
    panel.get_by_label("Klucz panelu").wait_for()
    assert panel.get_by_role("alert").count() == 0  # what was refused is not tried again
    page.said.clear()


@pytest.mark.parametrize("site", ["localhost"])
def test_a_key_withdrawn_while_the_panel_is_open_ends_it_and_loses_nothing(window, cast, edition, helpdesk):
    made = key_of(cast.darek)
    page = window(None)
    panel = entered(page, helpdesk, made.secret)
    panel.locator(".tap", has_text="spieszy się").click()
    # at once before the click: a page that asks by itself meanwhile, every 30 seconds, ends before it
    withdraw_panel_key(by=cast.darek, key=made.key)

    panel.locator("[data-next]").click()
    panel.get_by_role("alert").wait_for()
    assert Advised.objects.count() == 0

    panel.get_by_label("Klucz panelu").fill(key_of(cast.darek).secret)
    panel.get_by_role("button", name="Otwórz panel").click()
    panel.locator("main[data-waiting='0']").wait_for()
    assert Advised.objects.get().cues == {"hurried": 1}
    page.said.clear()


def test_a_link_lets_in_and_leaves_no_key_in_the_address(window, cast, edition, helpdesk, served):
    made = key_of(cast.darek)
    page = window(None)
    page.set_default_timeout(60_000)
    page.goto(f"{served}/counter/panel/#key={made.secret}")

    page.locator("main[data-ready]").wait_for()

    assert made.secret not in page.url
    page.said.clear()


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_everybody_can_use_the_pages_of_keys(
    window, violations, cast, edition, helpdesk, width, scheme, language
):
    key_of(cast.darek)
    page = window(cast.darek, width=width, scheme=scheme, language=language)
    page.go("/counter/panel/keys/")
    page.locator("#id_title").fill("Chatwoot 2")
    page.locator("form.stack button.btn--primary").click()
    page.locator("#secret").wait_for()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.clear_cookies()
    page.go("/counter/panel/")
    assert violations(page) == []
    page.said.clear()
