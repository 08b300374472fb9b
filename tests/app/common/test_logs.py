from __future__ import annotations

import json
import logging
import sys

from gracja.app.common.logs import JsonLines


def test_a_trace_says_what_broke_where_and_never_whose_address_it_was():
    address = f"anna{'@'}salony.example"  # a trace shows lines of code, so not whole in one of them
    try:
        try:
            int(address)
        except ValueError as first:
            raise KeyError(address) from first
    except KeyError:
        record = logging.LogRecord("x", logging.ERROR, __file__, 1, "broke", (), sys.exc_info())
    trace = json.loads(JsonLines().format(record))["trace"]

    assert trace.index("builtins.KeyError") < trace.index("builtins.ValueError")
    assert "test_logs.py" in trace
    assert address not in trace
