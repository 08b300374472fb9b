"""Whether an id stands anywhere in a folder: every file, Parquet unpacked, names, footers and log."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from gracja.archive.layout import Column


@dataclass(frozen=True)
class Place:
    """Where the bytes stand: a file, in it a Parquet column or None; how many distinct values hold them."""

    file: str
    column: str | None
    values: int


@dataclass(frozen=True)
class Proof:
    """What was read, and where the id's bytes were found: nowhere, if `places` is empty."""

    files: int
    size_bytes: int
    places: list[Place]


def scan(folder: Path, text: str) -> Proof:
    """Search the UTF-8 bytes of `text`, and how JSON and paths would write them, in all files below.

    Parquet is searched as its footer and its values; dictionaries whole, also values that no row uses.
    Raises OSError and pa.ArrowException for what cannot be read.
    """
    forms = {text, json.dumps(text)[1:-1], quote(text)}
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    places = [
        Place(str(path.relative_to(folder)), column, values)
        for path in paths
        for column, values in _found(path, str(path.relative_to(folder)), forms)
    ]
    return Proof(len(paths), sum(path.stat().st_size for path in paths), places)


def _found(path: Path, name: str, forms: set[str]) -> Iterator[tuple[str | None, int]]:
    plain = name.encode() + b"\n" + (_footer(path) if path.suffix == ".parquet" else path.read_bytes())
    if hits := sum(plain.count(form.encode()) for form in forms):
        yield None, hits
    if path.suffix != ".parquet":
        return
    leaves = _texts(path)
    found = dict.fromkeys(leaves, 0)
    with pq.ParquetFile(path, read_dictionary=leaves) as file:
        for group in range(file.num_row_groups):
            for column in leaves:
                table = file.read_row_group(group, columns=[column], use_threads=False)
                found[column] += sum(_count(chunk, forms) for chunk in table.column(0).chunks)
    yield from ((column, values) for column, values in found.items() if values)


def _texts(path: Path) -> list[str]:
    """The columns that can hold letters, nested ones too."""
    with pq.ParquetFile(path) as file:
        columns = [file.schema.column(number) for number in range(len(file.schema))]
        return [column.path for column in columns if "BYTE_ARRAY" in column.physical_type]


def _count(array: Column, forms: set[str]) -> int:
    """Distinct values that hold one of the forms, in whatever the array nests."""
    if pa.types.is_dictionary(array.type):
        return _count(array.dictionary, forms)
    if pa.types.is_struct(array.type):
        return sum(_count(child, forms) for child in array.flatten())
    if pa.types.is_map(array.type):
        return _count(array.keys, forms) + _count(array.items, forms)
    if pa.types.is_nested(array.type):
        return _count(array.flatten(), forms)
    if not (pa.types.is_string(array.type) or pa.types.is_binary(array.type)):
        return 0
    hits: list[Column] = [pc.match_substring(array, form) for form in forms]
    return pc.sum(functools.reduce(pc.or_, hits)).as_py() or 0


def _footer(path: Path) -> bytes:
    """Schema, statistics and metadata of a Parquet file, which are not packed."""
    with path.open("rb") as file:
        file.seek(-8, 2)
        size = int.from_bytes(file.read(4), "little")
        file.seek(-8 - size, 2)
        return file.read(size)
