"""The data folder, `GRACJA_HOME`: database, archive, files, and the secret that signs cookies."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import Final

DEFAULT: Final = Path.home() / ".local" / "share" / "gracja"


def home() -> Path:
    """The data folder, made where it is not there yet; readable by its owner alone."""
    folder = Path(os.environ.get("GRACJA_HOME") or DEFAULT).expanduser()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def secret_key(folder: Path) -> str:
    """The key that signs cookies and links: from the environment, else kept in the folder."""
    if given := os.environ.get("GRACJA_SECRET_KEY"):
        return given
    kept = folder / "secret_key"
    try:
        # Made by whichever process is first; the others read what it wrote.
        with os.fdopen(os.open(kept, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as new:
            new.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    return kept.read_text(encoding="utf-8").strip()


def heartbeat(folder: Path) -> Path:
    """The file that the worker touches while it lives."""
    return folder / "worker.beat"


def replace_whole(path: Path, content: bytes) -> None:
    """Write the file so that whoever reads it meanwhile has the old one or the new one whole."""
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    Path(made).replace(path)
