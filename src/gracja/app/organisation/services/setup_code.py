"""The code that the set-up page asks for where others can reach it: only who started Gracja knows it."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare

from gracja.app.home import replace_whole
from gracja.app.organisation.selectors.company import company

LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that is read as another
_GROUPS, _OF = 3, 4  # 60 bits


def setup_code() -> str:
    """A new code, kept in a file that its owner alone reads; empty where nobody can set up any more."""
    if company() is not None:
        forget_setup_code()
        return ""
    code = "-".join("".join(secrets.choice(LETTERS) for _ in range(_OF)) for _ in range(_GROUPS))
    replace_whole(setup_code_file(), code.encode())
    return code


def keep_setup_code() -> None:
    """Leave a code in its file where there is none: no `gracja serve` has made and printed one."""
    if not setup_code_file().exists():
        setup_code()


def is_setup_code(given: str) -> bool:
    """Whether this is the code, however it was typed; never where there is none."""
    try:
        code = setup_code_file().read_text(encoding="ascii")
    except FileNotFoundError:
        return False
    return bool(_plain(code)) and constant_time_compare(_plain(given), _plain(code))


def forget_setup_code() -> None:
    """It works once."""
    setup_code_file().unlink(missing_ok=True)


def setup_code_file() -> Path:
    return Path(os.fspath(settings.HOME)) / "setup_code"


def _plain(code: str) -> str:
    return "".join(letter for letter in code.upper() if letter.isalnum())
