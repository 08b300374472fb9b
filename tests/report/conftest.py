"""The salon that never was, written into reports, and pages of a browser to look at them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from gracja.report import write_report


def _load_shop():
    spec = importlib.util.spec_from_file_location("report_shop", Path(__file__).with_name("shop.py"))
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SHOP = _load_shop()


@pytest.fixture(scope="session")
def make_shop():
    return SHOP.shop


@pytest.fixture(scope="session")
def salon():
    return SHOP.salon()


@pytest.fixture(scope="session")
def whole_shop():
    return SHOP.shop()


@pytest.fixture(scope="session")
def html(whole_shop):
    return write_report(**whole_shop, rejected=3)


@pytest.fixture
def open_page(chromium, tmp_path):
    """Open a report and hear everything it asks for or complains about."""
    contexts = []

    def opened(html, *, width=1440, scheme="light", script=True):
        path = tmp_path / f"report-{len(contexts)}.html"
        path.write_text(html, encoding="utf-8")
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=script
        )
        contexts.append(context)
        page = context.new_page()
        page.asked, page.said = [], []
        page.on("request", lambda request: page.asked.append(request.url))
        page.on("console", lambda message: page.said.append(message.text))
        page.on("pageerror", lambda error: page.said.append(str(error)))
        page.goto(path.as_uri())
        return page

    yield opened
    for context in contexts:
        context.close()
