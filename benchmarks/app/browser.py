"""What a person waits for: the demo from nothing and later, the first page, the largest thing on a page.

A real `gracja demo` in a folder of its own with an empty cache, and a real Chromium whose processor is slowed
down four times (Largest Contentful Paint, the middle of five loads with an empty cache each).
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from figure import figure
from playwright.sync_api import sync_playwright

CHROMIUM = os.environ.get("GRACJA_CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
SLOWED = 4
LOADS = 5
PAINTED = """new Promise((done) => new PerformanceObserver((list) =>
  done(list.getEntries().at(-1).startTime)).observe({type: 'largest-contentful-paint', buffered: true}))"""
PAGES = {"the first page": "/demo/", "overview": "/", "results": "/results/", "studio": "/studio/"}


def measure() -> None:
    """Print the figures."""
    folder = Path(tempfile.mkdtemp(prefix="gracja-bench-demo-"))
    try:
        with _served(folder) as (_, seconds):
            figure("demo to a usable page, empty cache", round(seconds, 1), "s", "<= 180 s", seconds <= 180)
        with _served(folder) as (base, seconds):
            figure("later start to a usable page", round(seconds, 1), "s", "<= 5 s", seconds <= 5)
            _painted(base)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _served(folder: Path) -> Iterator[tuple[str, float]]:
    """The demo's address, and how long it took until it answered."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    own = {"XDG_CACHE_HOME": str(folder / "cache"), "NUMBA_CACHE_DIR": str(folder / "cache" / "numba")}
    outside = {
        name: value for name, value in os.environ.items() if name not in ("GRACJA_HOME", "DATABASE_URL")
    }
    command = [sys.executable, "-m", "gracja", "demo", "--no-open", "--out", str(folder), "--port", str(port)]
    began = time.perf_counter()
    process = subprocess.Popen(
        command, env=outside | own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    base = f"http://127.0.0.1:{port}"
    try:
        while not _answers(f"{base}/demo/"):
            if process.poll() is not None:
                raise SystemExit(f"gracja demo ended with {process.returncode}")
            time.sleep(0.1)
        yield base, time.perf_counter() - began
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=60)


def _answers(address: str) -> bool:
    with suppress(OSError, urllib.error.URLError), urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310  (our own)
        return bool(answer.status == 200)
    return False


def _painted(base: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        signed_in = browser.new_context(base_url=base, locale="pl-PL")
        page = signed_in.new_page()
        page.goto("/demo/")
        page.locator('form[action="/demo/service_manager/"] button').click()
        page.wait_for_load_state("load")
        cookies = signed_in.cookies()
        for name, path in PAGES.items():
            loads = [_load(browser, base, path, [] if path == "/demo/" else cookies) for _ in range(LOADS)]
            middle = statistics.median(took for took, _ in loads)
            figure(
                f"largest contentful paint, 4x slowed down, {name}",
                round(middle),
                "ms",
                "<= 1500 ms",
                middle <= 1500,
            )
            if path == "/demo/":
                weight = loads[0][1]
                figure("first page over the wire", weight, "bytes", "<= 200000 bytes", weight <= 200_000)
        browser.close()


def _load(browser: Any, base: str, path: str, cookies: list[Any]) -> tuple[float, int]:
    """Milliseconds until the largest thing stood there, and bytes that came."""
    context = browser.new_context(base_url=base, locale="pl-PL")
    context.add_cookies(cookies)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    weights: list[int] = []
    wire.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(path, wait_until="load")
    page.wait_for_timeout(500)
    took = float(page.evaluate(PAINTED))
    context.close()
    return took, sum(weights)
