"""Processes to be killed, or to run beside each other.

Reads `JOB FOLDER FIRST COUNT AT_ONCE MOST_BYTES` as a JSON list in a line; it is done by a fork, which has
all modules already. The next line, `kill` or `wait`, says how that process is to end; the answer is its exit
status.
"""

from __future__ import annotations

import importlib.util
import json
import os
import resource
import signal
import sys
import traceback
from pathlib import Path

from gracja.archive import open_archive
from gracja.archive.erase import erase
from gracja.archive.people import Person
from gracja.archive.tidy import tidy
from gracja.engine.errors import EngineInputError

SPEC = importlib.util.spec_from_file_location("shop_of_the_archive", Path(__file__).with_name("conftest.py"))
cast = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(cast)
CODES = {"archive_full": 28}
SCORER = cast.BatchScorer(cast.small_edition())


def work(job: str, folder: str, first: int, count: int, at_once: int, most_bytes: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, most_bytes))
    if job == "tidy":
        tidy(
            open_archive(Path(folder))
        )  # a shop is made alone, one after another; these must be at it at once
        return
    shop = cast.Shop(Path(folder))
    if job == "import":
        rows = [cast.conversation(number) for number in range(first, first + count)]
        tables = [cast.table_of(*rows[place : place + 5]) for place in range(0, count, 5)]
        cast.import_conversations(shop.archive, tables, on_changed=sys.exit, at_once=at_once)
    elif job == "score":
        shop.scores(SCORER, at_once=at_once)
    else:
        erase(shop.archive, Person(job, cast.PEOPLE[0] if job == "employee" else "customer-003"))


def main() -> None:
    for line in sys.stdin:
        pid = os.fork()
        if not pid:
            try:
                work(*json.loads(line))
            except EngineInputError as error:
                os._exit(CODES[error.code])
            except BaseException:  # noqa: BLE001  said, and then the fork must end here
                traceback.print_exc()
                os._exit(1)
            os._exit(0)
        if sys.stdin.readline() == "kill\n":
            os.kill(pid, signal.SIGKILL)  # not waited for yet, so the number is still this process's
        sys.stdout.write(f"{os.waitpid(pid, 0)[1]}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
