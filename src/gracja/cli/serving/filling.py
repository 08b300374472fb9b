"""Fill the demo's data folder: a process of its own.

The archive's library keeps threads that do not survive a fork, and gunicorn forks: whoever serves must not
have touched the archive before.
"""

from __future__ import annotations

import logging
import sys

from gracja.cli.screen import Screen
from gracja.cli.serving.ready import set_up


def main(lang: str) -> None:
    """Every step, with its bar. The settings and the folder stand in the environment."""
    set_up()
    from gracja.app.fill import STEPS  # noqa: PLC0415  (needs loaded settings)

    logging.disable(logging.INFO)  # a hundred lines of work that nobody asked about would hide what is said
    screen = Screen(lang)
    for name, step in STEPS.items():
        if not screen.console.is_terminal:  # no bar is drawn there; a line says what goes on
            screen.say(f"stage_{name}")
        with screen.stage(name):
            step()


if __name__ == "__main__":
    main(sys.argv[1])
