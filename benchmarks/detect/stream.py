"""From a Parquet file of conversations to observations written: how fast, and in how much memory.

`gracja score` runs as a user would run it, in a process of its own that is measured from its start to its
end. What it is held against is one pass over the same file by pyarrow, all columns, in another process.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import child
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from convert import conversation, dialogues
from figure import figure, machine

from gracja.files.batches import batches

HERE = Path(__file__).parent
EDITION = HERE.parent / "star" / "edition.yaml"
TURNS = 2_000_000
CONVERSATIONS = 1_000_000
SHORT = 4  # turns of a conversation in the file of a million
MOST_MEMORY = 1_000_000_000
AS_INSTALLED = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
READ = "import pyarrow.parquet as pq, sys\nfor _ in pq.ParquetFile(sys.argv[1]).iter_batches(): pass"


def figures(data: Path, evaluate: Path | None) -> None:
    """Speed on two million turns, memory on a million conversations."""
    machine()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        star = _star(evaluate or data, folder)
        _speed(star, folder)
        _memory(star, folder)


def _star(data: Path, folder: Path) -> pa.Table:
    source = folder / "star.jsonl"
    with source.open("w", encoding="utf-8") as file:
        for dialogue in dialogues(data):
            file.write(json.dumps(conversation(dialogue), ensure_ascii=False) + "\n")
    return pa.concat_tables(batches([str(source)], on_rejected=_counted_elsewhere))


def _counted_elsewhere(_: object) -> None:
    """Two dialogues without a turn; `./run bench star` counts them."""


def _speed(star: pa.Table, folder: Path) -> None:
    path = folder / "turns.parquet"
    turns = pc.sum(pc.list_value_length(star["turns"])).as_py()
    times = -(-TURNS // turns)
    _write(path, star, times)
    figure("turns in the file", turns * times)
    figure("conversations in the file", star.num_rows * times)
    figure("size of the file", round(path.stat().st_size / 1e6), "MB of Parquet (zstd)")
    one = folder / "one.parquet"
    _write(one, star.slice(0, 1), 1)
    for _ in range(2):  # the first run of a new installation compiles; that is no part of any later one
        _, start, _ = _measured(_score(one, folder / "one_observed.parquet"))
    _, read_start, _ = _measured([sys.executable, "-c", READ, str(one)])
    read_wall, read, _ = _measured([sys.executable, "-c", READ, str(path)])
    wall, cpu, peak = _measured(_score(path, folder / "observations.parquet"))
    written = pq.read_metadata(folder / "observations.parquet").num_rows
    figure("observations written", written)
    figure("pyarrow reads it all", round(turns * times / read), "turns/CPU s", peer=f"{read_wall:.1f} s wall")
    figure(
        "gracja score, whole process", round(turns * times / cpu), "turns/CPU s", peer=f"{wall:.1f} s wall"
    )
    figure("gracja score, peak memory", round(peak / 1e6), "MB")
    figure("gracja score, one conversation", round(start, 2), "CPU s", peer=f"pyarrow {read_start:.2f} CPU s")
    behind = (read - read_start) / (cpu - start)
    figure("gracja score against reading, both without their start", round(behind, 3), "of the speed")
    figure("gracja score against reading", round(read / cpu, 3), "of the speed", ">= 1/4", read / cpu >= 0.25)


def _memory(star: pa.Table, folder: Path) -> None:
    path = folder / "short.parquet"
    turns = pc.list_slice(star["turns"].combine_chunks(), 0, SHORT)
    short = star.set_column(star.schema.get_field_index("turns"), star.schema.field("turns"), turns)
    times = -(-CONVERSATIONS // short.num_rows)
    _write(path, short, times)
    wall, cpu, peak = _measured(_score(path, folder / "observations.parquet"))
    many = short.num_rows * times
    figure(
        f"{many:,} conversations of {SHORT} turns",
        round(many / cpu),
        "conversations/CPU s",
        peer=f"{wall:.1f} s wall",
    )
    figure(f"{many:,} conversations, peak memory", round(peak / 1e6), "MB", "< 1,000 MB", peak < MOST_MEMORY)


def _write(path: Path, table: pa.Table, times: int) -> None:
    """The table so many times over, its contacts under new names each time."""
    with pq.ParquetWriter(path, table.schema, compression="zstd") as writer:
        for number in range(times):
            contacts = pc.binary_join_element_wise(table["contact"], str(number), "-")
            writer.write_table(table.set_column(0, table.schema.field("contact"), contacts))


def _score(path: Path, out: Path) -> list[str]:
    return [sys.executable, "-m", "gracja", "score", str(path), "--edition", str(EDITION), "--out", str(out)]


def _measured(command: list[str]) -> Any:
    """[wall seconds, CPU seconds, peak bytes] of a command."""
    done = subprocess.run(
        [sys.executable, child.__file__, *command],
        check=True,
        text=True,
        stdout=subprocess.PIPE,
        env=AS_INSTALLED,
    )
    return json.loads(done.stdout)
