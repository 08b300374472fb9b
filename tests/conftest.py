"""Where the published data are, an honest line about the tests that read them, and one browser for all."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import settings
from playwright.sync_api import sync_playwright

settings.register_profile("gracja", deadline=None)  # a slow machine is no failure
settings.load_profile("gracja")

DATA = Path(os.environ.get("GRACJA_DATA", Path(__file__).parents[2] / "shared" / "data"))
CHROMIUM = os.environ.get("GRACJA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = [
    *("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"),
    *("--disable-sync", "--no-first-run"),
]
_ran: list[str] = []


@pytest.fixture(scope="session")
def chromium():
    """Chromium for all tests. Playwright runs a loop of its own: a second one beside it is refused, and
    Django has to be told that nothing here is asynchronous.
    """
    before = os.environ.get("DJANGO_ALLOW_ASYNC_UNSAFE")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    # without one on PATH, the one that `./run test` had Playwright install
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        yield browser
        browser.close()
    if before is None:
        del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture(scope="session")
def chromium_with(chromium):
    """Opens another one beside it, started with these switches too."""

    @contextmanager
    def started(*switches):
        browser = chromium.browser_type.launch(executable_path=CHROMIUM, args=[*SWITCHES, *switches])
        try:
            yield browser
        finally:
            browser.close()

    return started


@pytest.fixture(scope="session")
def data_folder() -> Path:
    """The folder of the published data sets; only for tests marked `real_data`."""
    return DATA


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    real = [item for item in items if item.get_closest_marker("real_data")]
    if real and not DATA.is_dir():
        config.stash[_LEFT_OUT] = len(real)
        config.hook.pytest_deselected(items=real)
        items[:] = [item for item in items if item not in real]


_LEFT_OUT = pytest.StashKey[int]()


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call" and "real_data" in report.keywords:
        _ran.append(report.nodeid)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    left_out = config.stash.get(_LEFT_OUT, 0)
    if left_out:
        terminalreporter.write_line(f"{left_out} tests left out: they read published data (set GRACJA_DATA).")
    else:
        terminalreporter.write_line(f"{len(_ran)} tests read the published data in {DATA.name}.")
