"""One name for a run: what was measured, with what, by which version."""

from __future__ import annotations

import hashlib

import polars as pl

import gracja
from gracja.engine.edition.model import Edition
from gracja.engine.edition.write import edition_digest


def run_digest(edition: Edition, tables: list[pl.DataFrame | None], *choices: object) -> str:
    """SHA-256 (64 hexadecimal digits) of edition, rows (in any order), choices and gracja's version."""
    digest = hashlib.sha256(f"{gracja.__version__}\n{edition_digest(edition)}\n{choices!r}\n".encode())
    for table in tables:
        digest.update(b"none\n" if table is None else table.sort(pl.all()).write_csv().encode())
    return digest.hexdigest()
