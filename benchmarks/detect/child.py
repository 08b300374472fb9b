"""Run a command and print, as JSON, what it took: [wall seconds, CPU seconds, peak resident bytes].

A process inherits the peak of the one that starts it; this small one stands between it and the benchmark.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time


def main() -> None:
    started = time.perf_counter()
    process = subprocess.Popen(sys.argv[1:], stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    wall = time.perf_counter() - started
    if status:
        raise SystemExit(os.waitstatus_to_exitcode(status))
    kilobytes = used.ru_maxrss if sys.platform != "darwin" else used.ru_maxrss // 1024
    print(json.dumps([wall, used.ru_utime + used.ru_stime, kilobytes * 1024]))


if __name__ == "__main__":
    main()
