"""The face in a real browser: every component, by keyboard, without scripts, and when the server is gone."""

from __future__ import annotations

import pytest

pytestmark = pytest.mark.browser
SHEET = "/-/components"
KEPT = "Object.keys(localStorage).filter((key) => key.startsWith('gracja:kept:'))"
SIGN_IN = (
    '<!doctype html><html lang="pl"><meta name="unsent"><title>x</title><body>'
    '<div id="messages"></div><script type="module" src="/static/gracja/page.js"></script>'
)


@pytest.fixture(autouse=True)
def _debug(settings):
    settings.DEBUG = True


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_everybody_can_use_every_component(window, violations, cast, width, scheme, language):
    page = window(cast.grazyna, width=width, scheme=scheme, language=language)

    page.go(SHEET)

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("width", [390, 1440])
def test_the_menu_is_reached_opened_and_left_by_keyboard(window, cast, width):
    page = window(cast.grazyna, width=width)
    page.go(SHEET)

    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    button = page.locator(".menu-btn" if width == 390 else ".who")
    for _ in range(30):
        page.keyboard.press("Tab")
        if button.evaluate("one => one === document.activeElement"):
            break
    page.keyboard.press("Enter")
    menu = page.locator(".menu:popover-open")
    assert menu.get_by_role("button", name="Wyloguj").is_visible()
    page.keyboard.press("Escape")
    assert menu.count() == 0


def test_the_theme_changes_at_once_and_stays(window, cast):
    page = window(cast.grazyna)
    page.go(SHEET)
    switch = page.locator(".bar [data-theme-switch] button")

    for expected in ("light", "dark"):
        with page.expect_response("**/-/theme"):
            switch.click()
        assert page.locator("html").get_attribute("data-theme") == expected
    page.reload()

    assert page.locator("html").get_attribute("data-theme") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(20, 25, 23)"


def test_language_and_theme_work_without_scripts(window, cast):
    page = window(cast.grazyna, script=False)
    page.go(SHEET)

    page.locator(".bar .tools .lang").get_by_role("button", name="EN").click()
    assert page.get_by_role("heading", level=1).inner_text().startswith("Lines instead of boxes")
    page.locator(".bar [data-theme-switch] button").click()
    assert page.locator("html").get_attribute("data-theme") == "light"


def test_a_question_names_the_thing_and_can_be_left(window, cast):
    page = window(cast.grazyna)
    page.go(SHEET)
    link = page.get_by_role("link", name="Usuń standard")

    link.click()
    dialog = page.get_by_role("dialog", name="Usunąć standard „Wita”?")
    assert dialog.get_by_role("button", name="Anuluj").evaluate("one => one === document.activeElement")
    page.keyboard.press("Escape")
    assert dialog.count() == 0
    link.click()
    with page.expect_request(lambda request: request.method == "POST") as sent:
        dialog.get_by_role("button", name="Usuń standard").click()

    assert "csrfmiddlewaretoken" in sent.value.post_data
    page.said.clear()  # the sheet takes no post: 405


WORDS = "Klienci pytają o to co drugi dzień"


@pytest.fixture
def form(window, cast):
    """The sheet as a form that was not sent yet: the server gives back by itself what it refused."""
    page = window(cast.grazyna)

    def without_faults(route):
        if route.request.method == "POST":
            route.fulfill(content_type="text/html", body=page.answer)
            return
        answer = route.fetch()
        body = answer.text().replace('aria-invalid="true"', "").replace(" required", "")
        route.fulfill(response=answer, body=body.replace('method="get"', 'method="post" novalidate'))

    page.route(f"**{SHEET}", without_faults)
    page.route("**/-/lost", lambda route: route.fulfill(content_type="text/html", body=SIGN_IN))
    page.go(SHEET)
    page.locator("#id_why").fill(WORDS)
    page.send = lambda: page.evaluate("document.querySelector('form[data-keep]').requestSubmit()")
    return page


def test_what_was_typed_comes_back_when_the_page_was_left(form):
    form.go("/-/lost")

    form.go(SHEET)

    assert form.locator("#id_why").input_value() == WORDS
    form.get_by_role("button", name="Odrzuć go").click()
    assert form.locator("#id_why").input_value() == ""
    form.reload()
    assert form.locator("#id_why").input_value() == ""


def test_what_was_typed_comes_back_after_signing_in_anew(form):
    form.answer = SIGN_IN
    form.send()
    form.locator("#messages").wait_for(state="attached")

    form.go(SHEET)

    assert form.locator("#id_why").input_value() == WORDS


def test_what_the_server_took_is_forgotten(form):
    form.answer = SIGN_IN.replace('<meta name="unsent">', '<p id="taken">')
    form.send()
    form.locator("#taken").wait_for(state="attached")
    form.wait_for_load_state()

    form.go(SHEET)

    assert form.locator("#id_why").input_value() == ""
    assert form.evaluate(KEPT) == []


def test_whoever_signs_out_leaves_nothing_behind(form):
    form.route("**/accounts/logout/", lambda route: route.fulfill(content_type="text/html", body=SIGN_IN))
    form.locator(".who").click()
    form.locator(".menu:popover-open").get_by_role("button", name="Wyloguj").click()
    form.wait_for_url("**/accounts/logout/")

    assert form.evaluate(KEPT) == []


def test_what_is_kept_belongs_to_its_reader(form, cast):
    (key,) = form.evaluate(KEPT)

    assert cast.grazyna.person.uid in key


def test_passwords_are_never_kept(window, cast):
    page = window(cast.grazyna)
    page.go(SHEET)
    page.evaluate("document.querySelector('#id_why').outerHTML = '<input type=password name=why id=id_why>'")
    page.locator("#id_why").fill("sekret")

    assert "sekret" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_server_that_does_not_answer_is_told_once_and_stays(window, cast):
    page = window(cast.grazyna)
    page.go(SHEET)
    page.route("**/gone", lambda route: route.abort())
    _add_button(page, "hx-get", "/gone")

    for _ in range(2):
        with page.expect_event("requestfailed"):
            page.locator("#ask").dispatch_event("click")

    message = page.locator("#messages .message")
    message.wait_for()
    assert message.count() == 1
    assert message.inner_text().startswith("Serwer nie odpowiada.")
    message.get_by_role("button", name="Zamknij ten komunikat").click()
    assert message.count() == 0
    page.said.clear()  # the browser's own words about the request that failed


def test_a_fragment_that_cannot_be_had_any_more_says_how_to_get_in(window, company):
    page = window(language="pl")
    page.go(SHEET)
    _add_button(page, "hx-get", "/accounts/sessions/")

    page.locator("#ask").dispatch_event("click")

    message = page.locator("#messages .message")
    message.wait_for()
    assert message.get_by_role("link", name="Zaloguj się").get_attribute("href") == "/accounts/login/"
    assert page.locator("#ask").inner_text() == ""
    page.said.clear()  # the browser's own words about the 401


def test_a_fragment_that_became_a_whole_page_is_that_page(window, cast):
    page = window(cast.grazyna)
    page.go(SHEET)
    _add_button(page, "hx-post", "/-/language")  # answered with a way on, as for a page

    page.locator("#ask").dispatch_event("click")
    page.wait_for_url("**/")

    assert page.locator("main main").count() == 0
    page.said.clear()


def test_what_htmx_sends_carries_the_token_of_the_page(window, cast):
    page = window(cast.grazyna)
    page.go(SHEET)
    _add_button(page, "hx-post", "/-/language")

    with page.expect_response("**/-/language") as answer:
        page.locator("#ask").dispatch_event("click")

    assert answer.value.status == 302  # and not 403


def _add_button(page, attribute, address):
    page.evaluate(
        "([attribute, address]) => { const one = document.createElement('button'); one.id = 'ask';"
        "one.setAttribute(attribute, address); document.querySelector('main').append(one);"
        "htmx.process(one) }",
        [attribute, address],
    )


@pytest.mark.parametrize("width", [390, 1440])
def test_a_link_that_stands_alone_is_large_enough_to_hit(cast, window, edition, width):
    page = window(cast.darek, width=width)
    page.go("/standards/ours/")
    ask = page.locator('main a[href$="/ask/"]').last
    around = ask.evaluate("one => parseFloat(getComputedStyle(one, '::after').height) || 0")

    assert ask.bounding_box()["height"] >= 24
    assert width == 1440 or around >= 44  # a finger's size on the phone
