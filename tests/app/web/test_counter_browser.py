"""The counter in a real browser: the engine's dial, at once, without a network, and by a plain form."""

from __future__ import annotations

import random

import pytest
from app.web.service_mode_world import own_rules, tap

from gracja.app.service_mode.models import Advised, Keeping
from gracja.app.service_mode.selectors.policy import policy
from gracja.engine.dial.advice import advise
from gracja.engine.dial.read import as_json, bundled_rules
from gracja.engine.dial.situation import Situation
from gracja.engine.edition.bundled import bundled_text
from gracja.engine.edition.read import read_edition
from gracja.engine.errors import EngineInputError

pytestmark = pytest.mark.browser
MANY = 3000
ASK = """async ([rules, services, situations, glance]) => {
    const { advise } = await import("/static/gracja/dial.js");
    const bands = ["discreet", "attentive", "personal"];
    return situations.map(([at, kind, occupation, cues, moves]) => {
        const told = advise({ kind, occupation, cues }, rules, services[at], bands, glance, moves);
        const named = (lines) => lines.map((one) => `${one.source}:${one.name}:${JSON.stringify(one.text)}`);
        return {
            dial: told.dial, band: told.band, moves: told.moves, own: told.cost.own, others: told.cost.others,
            reasons: told.reasons.map((one) => [one.what, one.name, one.points, one.count]),
            do: named(told.do), hold: named(told.hold), reach: named(told.withinReach),
        };
    });
}"""


def situations(rules, seed):
    """Valid ones, of every kind."""
    chance = random.Random(seed)  # noqa: S311
    jobs = [None, *(one.occupation for one in rules.occupations)]
    while True:
        cues = {}
        for cue in chance.sample(rules.cues, chance.randrange(5)):
            cues[cue.cue] = chance.choice((0, 1, 2, 3, 7, 40)) if cue.counts else 1
        kind, job = chance.choice(("encounter", "relationship", None)), chance.choice(jobs)
        if kind or job:
            yield kind, job, cues, chance.randrange(4)


@pytest.mark.parametrize("which", ["bundled", "own"])
def test_the_browser_reads_the_dial_exactly_as_the_engine_does(window, cast, which):
    import json

    rules = bundled_rules() if which == "bundled" else own_rules()
    names = ("salon", "retail_shop", "contact_centre")
    editions = [None, *(read_edition(bundled_text(name)).edition for name in names)]
    given, expected = [], []
    chance = random.Random(5)  # noqa: S311
    for kind, job, cues, moves in situations(rules, 22):
        at = chance.randrange(len(editions))
        try:
            told = advise(Situation(kind, job, cues), rules, editions[at], moves_made=moves)
        except EngineInputError:
            continue
        do, hold = told.at_a_glance()

        def named(lines):
            return [[one.source, one.name, one.text] for one in lines]

        given.append([at, kind, job, cues, moves])
        expected.append(
            {
                "dial": told.reading.dial,
                "band": told.reading.band,
                "moves": told.personal_moves,
                "own": told.cost_if_personal.own_minutes,
                "others": told.cost_if_personal.others_minutes,
                "reasons": [[one.what, one.name, one.points, one.count] for one in told.reading.reasons],
                "do": named(do),
                "hold": named(hold),
                "reach": named(told.within_reach),
            }
        )
        if len(given) == MANY:
            break
    services = [
        {"standards": [s.model_dump(mode="json") for *_, s in one.standards()] if one else []}
        for one in editions
    ]
    page = window(cast.darek)
    page.go("/counter/")

    found = page.evaluate(ASK, [as_json(rules), services, given, {"do": 3, "hold": 2}])

    def plain(row):
        lines = {
            name: [[*one.split(":", 2)[:2], json.loads(one.split(":", 2)[2])] for one in row[name]]
            for name in ("do", "hold", "reach")
        }
        return row | lines

    assert [plain(row) for row in found] == json.loads(json.dumps(expected))


def ready(page):
    page.go("/counter/")
    page.wait_for_selector("[data-ready]")


def test_a_tap_is_advised_at_once(window, cast, edition):
    page = window(cast.darek, width=390)
    ready(page)

    tap(page, "spieszy się")
    tap(page, "jest zmęczony")
    assert page.locator("[data-word]").inner_text() == "Uważnie"
    tap(page, "jest niezainteresowany")

    assert page.locator("[data-word]").inner_text() == "Dyskretnie"
    assert page.locator("svg[data-picture]").get_attribute("aria-label").startswith("Obsługa dyskretna")
    assert page.locator("[data-do] li").count() <= 3
    assert page.locator("[data-hold] li").count() == 2
    assert float(page.locator("main").get_attribute("data-took-ms")) < 100


def test_of_two_that_contradict_the_new_tap_wins_and_a_fourth_lets_the_first_go(window, cast):
    page = window(cast.darek, width=390)
    ready(page)
    box = lambda text: page.locator(".tap", has_text=text).locator("input")  # noqa: E731

    tap(page, "spieszy się")
    tap(page, "tylko się rozgląda")
    assert not box("spieszy się").is_checked()
    for text in ("jest zmęczony", "jest niezainteresowany", "jest rozgoryczony"):
        tap(page, text)

    assert not box("tylko się rozgląda").is_checked()
    assert "tylko się rozgląda" in page.locator("[data-said]").inner_text()


def test_the_queue_and_earlier_visits_are_counted_by_steps(window, cast):
    page = window(cast.darek, language="en")
    ready(page)

    for _ in range(4):
        page.get_by_role("button", name="More: people in the queue").click()
    page.locator("summary").click()

    assert "People in the queue: 4." in page.locator("[data-reasons]").inner_text()
    assert "16\u00a0min" in page.locator("[data-cost]").inner_text()


def test_without_a_network_it_advises_and_what_was_done_comes_in_once(window, cast, edition, rynek):
    page = window(cast.darek, width=390)
    ready(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("() => navigator.serviceWorker.controller !== null")
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector("[data-ready]")
    page.wait_for_selector("main[data-state=offline]")
    assert "bez sieci" in page.locator("[data-state].state").inner_text()

    for text in ("spieszy się", "jest zmęczony"):
        tap(page, text)
        page.locator("[data-do] label").first.click()
        page.locator("[data-next]").click()
    page.wait_for_selector("main[data-waiting='2']")
    assert Advised.objects.count() == 0
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector("main[data-waiting='0']")
    page.evaluate("window.dispatchEvent(new Event('online'))")
    page.wait_for_selector("main[data-state=online]")

    rows = Advised.objects.order_by("at")
    assert [list(one.cues) for one in rows] == [["hurried"], ["tired"]]
    assert {(one.offline, one.place, one.person, len(one.moves)) for one in rows} == {(True, rynek, None, 1)}
    page.said.clear()  # that nothing answered, while the network was cut


def test_nothing_of_a_person_is_kept_on_the_device(window, cast, edition):
    page = window(cast.darek)
    ready(page)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")

    kept = page.evaluate(
        """async () => {
            const texts = [];
            for (const name of await caches.keys()) {
                const kept = await caches.open(name);
                for (const request of await kept.keys()) texts.push(await (await kept.match(request)).text());
            }
            return texts.join(" ");
        }"""
    )

    assert "data-counter" in kept
    for own in (cast.darek.name, cast.darek.login, cast.darek.person.uid, cast.darek.person.key, "csrf"):
        assert f'"{own}"' not in kept
        assert f">{own}<" not in kept
    assert "Darek" not in kept


def test_without_scripts_a_plain_form_advises_and_records(window, cast, edition):
    page = window(cast.darek, width=390, script=False)
    page.go("/counter/")

    page.locator(".tap", has_text="spieszy się").click()
    page.get_by_role("button", name="Doradź").click()
    assert page.locator("[data-hold] li").count() >= 1
    assert page.locator(".tap", has_text="spieszy się").locator("input").is_checked()
    page.locator("[data-do] label").first.click()
    page.get_by_role("button", name="Zapisz").click()

    row = Advised.objects.get()
    assert (row.cues, len(row.moves)) == ({"hurried": 1}, 1)


@pytest.mark.parametrize("language", ["pl", "en"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1440])
def test_everybody_can_use_the_counter(window, violations, cast, edition, width, scheme, language):
    page = window(cast.darek, width=width, scheme=scheme, language=language)
    ready(page)
    page.locator(".tap").nth(3).click()
    page.locator("summary").click()

    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_the_policy_of_the_page_names_nobody(cast, edition):
    told = str(policy(by=cast.darek).data)

    for own in (cast.darek.name, cast.darek.login, cast.darek.person.uid, cast.darek.person.key):
        assert own not in told


HELPDESK = '<!doctype html><title>x</title><iframe src="/counter/panel/" width="420" height="800"></iframe>'


@pytest.mark.parametrize("reads", [True, False])
def test_in_a_helpdesk_the_customer_s_words_are_tapped_where_the_company_lets_it(window, served, cast, reads):
    Keeping.objects.create(panel_origins=[served], read_words=reads)
    page = window(cast.darek)
    page.route("**/helpdesk", lambda route: route.fulfill(body=HELPDESK, content_type="text/html"))
    page.go("/helpdesk")
    panel = page.frame_locator("iframe")
    panel.locator("main[data-ready]").wait_for()
    said = "Dzień dobry, bardzo się spieszę, mam tylko minutę"
    messages = [{"content": said, "message_type": 0}, {"content": "Jestem zmęczony", "message_type": 1}]
    context = {"event": "appContext", "data": {"conversation": {"id": 71, "messages": messages}}}

    page.evaluate("told => frames[0].postMessage(JSON.stringify(told), '*')", context)

    panel.locator("[data-heard]").wait_for()
    if reads:
        panel.locator(".tap:has(:checked)").wait_for()
        assert "spieszę" in panel.locator("[data-said]").inner_text()
    chosen = panel.locator(".tap:has(:checked)").all_inner_texts()
    assert chosen == (["spieszy się"] if reads else [])
    if reads:
        with page.expect_response("**/counter/records/"):
            panel.locator("[data-next]").click()
        assert Advised.objects.get(contact="", source="panel").cues == {"hurried": 1}
