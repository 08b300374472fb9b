"""The report in a real browser: what a reader meets on a desk, on a phone, on paper, without script."""

import re
import shutil
import subprocess

import pyarrow as pa
import pytest
from axe_playwright_python.sync_playwright import Axe

from gracja.engine.tables import RESULTS
from gracja.report import write_report

pytestmark = pytest.mark.browser

SIZES = [(390, "light"), (390, "dark"), (1440, "light"), (1440, "dark")]


@pytest.fixture(scope="module")
def axe():
    return Axe()


@pytest.mark.parametrize(
    ("width", "scheme", "language"),
    [(390, "light", "pl"), (390, "dark", "en"), (1440, "light", "en"), (1440, "dark", "pl")],
)
def test_axe_finds_nothing(open_page, axe, html, width, scheme, language):
    page = open_page(html, width=width, scheme=scheme)
    page.evaluate("[...document.querySelectorAll('details.std')].slice(0, 3).forEach((d) => (d.open = true))")
    if language == "en":
        page.click('[data-language="en"]')
    found = axe.run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize(("width", "scheme"), SIZES)
def test_it_asks_for_nothing_complains_of_nothing_and_fits(open_page, html, width, scheme):
    page = open_page(html, width=width, scheme=scheme)
    page.click("[data-open-all]")
    page.wait_for_timeout(150)
    assert all(re.match("(file|data):", address) for address in page.asked)
    assert page.said == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_pictures_are_drawn_and_say_the_same_in_words(open_page, html):
    page = open_page(html)
    for picture in ("people", "parts"):
        drawn = page.locator(f'[data-picture="{picture}"] svg')
        assert drawn.count() == 1
        assert drawn.get_attribute("aria-label")
    assert page.locator('[data-picture="people"] circle').count() == 10


def test_the_language_changes_in_place(open_page, html):
    page = open_page(html)
    page.locator("details.std").nth(4).evaluate("(d) => (d.open = true)")
    page.click('[data-language="en"]')
    assert page.evaluate("document.documentElement.lang") == "en"
    assert page.title() == "Service results · Gracja"
    assert "The basics" in page.inner_text("h1")
    assert page.locator("details.std").nth(4).evaluate("(d) => d.open")
    assert page.locator('[data-picture="people"] svg').count() == 1
    page.click('[data-language="pl"]')
    assert page.inner_text("h1").startswith("Podstawa")


def test_the_theme_changes_and_is_said(open_page, html):
    page = open_page(html)
    ground = "getComputedStyle(document.body).backgroundColor"
    light = page.evaluate(ground)
    page.click("[data-theme-button]")
    page.click("[data-theme-button]")
    assert page.evaluate(ground) != light
    assert "ciemny" in page.get_attribute("[data-theme-button]", "aria-label")


def test_without_script_everything_is_still_there(open_page, html):
    page = open_page(html, script=False)
    assert page.locator("main h1").count() == 1
    assert page.locator(".tbl--iv svg.iv").count() >= 20
    assert page.locator(".parts-iv").is_visible()
    assert not page.locator("[data-language]").first.is_visible()


def test_hostile_text_is_inert(open_page, make_shop):
    name = "</script><script>document.title='taken'</script><img src=x onerror=alert(1)>"
    page = open_page(write_report(**make_shop(people=((name, 20, 1.0), ("\u202eevil", 9, 1.0))), title=name))
    page.click('[data-language="en"]')
    page.click("[data-open-all]")
    assert page.title() != "taken"
    assert page.locator("img").count() == 0
    assert page.said == []


def test_on_paper_nothing_is_cut_off(open_page, html, tmp_path):
    page = open_page(html)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})  # A4 less the margins of the report
    page.evaluate("[...document.querySelectorAll('details.std')].slice(0, 3).forEach((d) => (d.open = true))")
    assert page.evaluate("document.documentElement.scrollWidth") <= 703
    beyond = page.evaluate(
        "[...document.querySelectorAll('main *')].filter((e) => !e.closest('.vh'))"
        ".filter((e) => e.getBoundingClientRect().right > 705).map((e) => e.outerHTML.slice(0, 90))"
    )
    assert beyond == []
    file = tmp_path / "report.pdf"
    page.pdf(path=str(file), format="A4")
    if shutil.which("pdftotext"):
        text = subprocess.run(
            ["pdftotext", "-layout", str(file), "-"], check=True, capture_output=True, text=True
        )
        for said in ("Darek Wójcik", "od 9. do 10.", "Obiecuje wiadomość", "Jak to czytać"):
            assert said in text.stdout


def test_a_crowd_is_folded_and_can_be_searched(open_page, whole_shop):
    rows = whole_shop["results"].to_pylist()
    one = next(row for row in rows if row["subject_kind"] == "employee")
    many = [{**one, "subject": f"Person {number:04}", "rank_high": 1000} for number in range(1000)]
    page = open_page(write_report(**{**whole_shop, "results": pa.Table.from_pylist(many, schema=RESULTS)}))
    assert page.locator("tr[data-name]:visible").count() == 0
    page.fill("[data-find]", "person 0777")
    assert page.locator("tr[data-name]:visible").count() == 1
    page.fill("[data-find]", "nobody")
    assert page.locator("[data-none]").is_visible()
    assert page.said == []
