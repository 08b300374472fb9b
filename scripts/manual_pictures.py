#!/usr/bin/env python3
"""Make every picture of the manual: the demo company in a real Chromium, in Polish and in English.

    scripts/manual_pictures.py                  all of them, into docs/manual/pictures/{pl,en}/
    scripts/manual_pictures.py studio roles     only those whose name holds one of the words
    scripts/manual_pictures.py --demo FOLDER    from a folder that `gracja demo --out FOLDER` filled before

What is shown stands in manual_shots.py. It starts the application itself, says which page failed and why, and
ends with 1 if one did. Nothing outside this machine is asked. Chromium: GRACJA_CHROMIUM, else the system's.
"""

from __future__ import annotations

import argparse
import base64
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

from manual_shots import SHOTS, Shot
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as BrowserError

HERE: Final = Path(__file__).resolve().parent
PICTURES: Final = HERE.parent / "docs" / "manual" / "pictures"
CHROMIUM: Final = os.environ.get("GRACJA_CHROMIUM") or shutil.which("chromium")
SWITCHES: Final = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars")
MOST_BYTES: Final = 120_000  # a picture
MOST_BYTES_IN_ALL: Final = 7_000_000
LANGUAGES: Final = ("pl", "en")
QUALITIES: Final = (80, 70, 60)  # of WebP: the first with which a picture is small enough
START_SECONDS: Final = 900  # filling the demo takes minutes on a busy machine
WAIT_SECONDS: Final = 60  # for a page
HARMLESS: Final = "/accounts/login/"  # answers as soon as anything does


class PictureError(Exception):
    """Why a picture could not be made."""


def main() -> int:
    """Make the pictures; how many could not be made becomes the exit code."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("words", nargs="*", help="only pictures whose name holds one of these")
    parser.add_argument("--demo", type=Path, help="a folder filled by `gracja demo` (else a new one)")
    parser.add_argument("--out", type=Path, default=PICTURES, help="where they go")
    given = parser.parse_args()
    shots = [one for one in SHOTS if not given.words or any(word in one.name for word in given.words)]
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="gracja-pictures-")))
        addresses = {}
        if any(one.where == "demo" for one in shots):
            filled = given.demo or folder / "demo"
            options = ("--out", str(filled), "--no-open")
            addresses["demo"] = stack.enter_context(_running(folder, "demo", *options))
        if any(one.where == "empty" for one in shots):
            options = ("--home", str(folder / "empty"))
            addresses["empty"] = stack.enter_context(_running(folder, "serve", *options))
        chromium = stack.enter_context(sync_playwright()).chromium
        browser = chromium.launch(executable_path=CHROMIUM, args=SWITCHES)
        stack.callback(browser.close)
        photographer = Photographer(browser, addresses, given.out)
        failed = [shot.name for shot in shots if not photographer.made(shot)]
    total = sum(path.stat().st_size for path in given.out.rglob("*.webp"))
    print(f"{total / 1e6:.1f} MB in {given.out}")
    if total > MOST_BYTES_IN_ALL:
        print(f"Over {MOST_BYTES_IN_ALL / 1e6:.0f} MB in all: show less, or lower.", file=sys.stderr)
    return int(bool(failed) or total > MOST_BYTES_IN_ALL)


@contextmanager
def _running(folder: Path, command: str, *options: str) -> Iterator[str]:
    """The application, answering; its address. Raises PictureError with its last words where it ends."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    said = folder / f"{command}.log"
    print(f"Starting `gracja {command}` ...", flush=True)
    with said.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "gracja", command, *options, "--port", str(port)],
            env=environment,
            stdout=log,
            stderr=log,
        )
    address = f"http://localhost:{port}"
    try:
        _wait_for(process, address, said)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=60)


def _wait_for(process: subprocess.Popen[bytes], address: str, said: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(f"{address}{HARMLESS}", timeout=5):  # noqa: S310  (our own address)
                return
        except OSError:
            time.sleep(0.5)
    raise PictureError(f"The application does not answer. It said:\n{said.read_text()[-2000:]}")


class Photographer:
    """Takes pictures; whoever looks at several pages signs in once."""

    def __init__(self, browser: Browser, addresses: dict[str, str], out: Path) -> None:
        self._browser, self._addresses, self._out = browser, addresses, out
        self._readers: dict[tuple[object, ...], BrowserContext] = {}

    def made(self, shot: Shot) -> bool:
        """Take it in both languages; False, after saying why, where that fails."""
        fine = True
        for language in LANGUAGES:
            try:
                size = self._take(shot, language)
            except (BrowserError, PictureError) as problem:
                fine = False
                print(f"✗ {language}/{shot.name} ({shot.address}): {problem}", file=sys.stderr, flush=True)
            else:
                print(f"  {language}/{shot.name} {size // 1000} kB", flush=True)
        return fine

    def _take(self, shot: Shot, language: str) -> int:
        page = self._reader(shot, language).new_page()
        page.set_viewport_size({"width": shot.width, "height": shot.height})
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "response",
            lambda said: complaints.append(f"{said.status} {said.url}") if said.status >= 500 else None,
        )
        try:
            said = page.goto(shot.address)
            if said is None or not said.ok:
                raise PictureError(f"the page answered {said.status if said else 'nothing'}")
            for step in shot.steps:
                step(page)
            page.wait_for_load_state("networkidle")
            page.evaluate("document.fonts.ready.then(() => document.activeElement?.blur())")
            picture = _small(page, shot)
        finally:
            page.close()
        if complaints:
            raise PictureError("; ".join(complaints))
        path = self._out / language / f"{shot.name}.webp"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(picture)
        return len(picture)

    def _reader(self, shot: Shot, language: str) -> BrowserContext:
        """A browser in which the role of the picture is signed in, in this language."""
        key = (shot.where, shot.role, shot.enter, shot.sharpness, language)
        if key not in self._readers:
            context = self._browser.new_context(
                device_scale_factor=shot.sharpness,
                color_scheme="light",
                reduced_motion="reduce",
                locale=language,
                timezone_id="Europe/Warsaw",
                base_url=self._addresses[shot.where],
            )
            context.set_default_timeout(WAIT_SECONDS * 1000)
            page = context.new_page()
            if shot.role:
                page.goto("/demo/")
                page.click(f'form[action="/demo/{shot.role}/"] button')
            if shot.enter:
                shot.enter(page)
            # last: signing in sets the account's own language
            address = self._addresses[shot.where]
            context.add_cookies([{"name": "django_language", "value": language, "url": address}])
            page.close()
            self._readers[key] = context
        return self._readers[key]


def _small(page: Page, shot: Shot) -> bytes:
    """The window as WebP. Raises PictureError where it is too large even at the lowest quality."""
    session = page.context.new_cdp_session(page)
    for quality in QUALITIES:
        taken = session.send("Page.captureScreenshot", {"format": "webp", "quality": quality})
        picture = base64.b64decode(taken["data"])
        if len(picture) <= MOST_BYTES:
            return picture
    raise PictureError(f"{len(picture) // 1000} kB at {shot.width} x {shot.height}: show less")


if __name__ == "__main__":
    raise SystemExit(main())
