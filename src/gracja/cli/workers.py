"""Batches through a function in several processes, in their order and without a queue that could grow."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Final

import pyarrow as pa

from gracja.engine.errors import EngineInputError

Scorer = Callable[[pa.RecordBatch], pa.RecordBatch]

_DONE: Final = b"\0"
_SECONDS_TO_LEAVE: Final = 5
# One thread each: the processes are what shares the work.
_THREADS: Final = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_ONE_THREAD: Final = (*_THREADS, "POLARS_MAX_THREADS")


def in_order(
    batches: Iterable[pa.RecordBatch], scorer: Scorer, *, workers: int
) -> Generator[pa.RecordBatch, None, None]:
    """`map(scorer, batches)`, in so many processes; one is this process itself.

    scorer: picklable and without state, such as `engine.detect.batch.BatchScorer`. Each process holds one
    batch, and the next is asked for only when the oldest has come back: memory stays flat.

    Raises EngineInputError: what the scorer raises; worker_ended, where a process was killed.
    """
    if workers == 1:
        yield from map(scorer, batches)
        return
    packed = pickle.dumps(scorer)
    crew: list[_Worker] = []
    busy: deque[_Worker] = deque()
    try:
        for batch in batches:
            if len(crew) < workers:  # a short input starts no more than it needs
                crew.append(_Worker(packed))
                busy.append(crew[-1])
                crew[-1].send(batch)
                continue
            oldest = busy.popleft()
            scored = oldest.receive()
            oldest.send(batch)
            busy.append(oldest)
            yield scored
        while busy:
            yield busy.popleft().receive()
    finally:
        for worker in crew:
            worker.dismiss()


class _Worker:
    """A process that scores one batch at a time."""

    def __init__(self, packed: bytes) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy the threads' locks of Arrow
        self._line, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, packed), daemon=True)
        with _interrupts_ignored(), _one_thread_each():
            self._process.start()
        theirs.close()  # so that the end of the process is the end of the line

    def send(self, batch: pa.RecordBatch) -> None:
        try:
            self._line.send_bytes(_packed(batch))
        except OSError:
            raise self._ended() from None

    def receive(self) -> pa.RecordBatch:
        try:
            answer = self._line.recv_bytes()
        except (EOFError, OSError):
            raise self._ended() from None
        if answer[:1] == _DONE:
            return _unpacked(answer[1:])
        code, where, facts, told = pickle.loads(answer[1:])  # noqa: S301  (our own process wrote it)
        if code is None:
            raise RuntimeError(told)
        raise EngineInputError(code, where, **facts)

    def dismiss(self) -> None:
        """End the process, whatever it is doing; what it was given is scored again some day or not at all."""
        self._line.close()
        self._process.terminate()
        self._process.join()

    def _ended(self) -> EngineInputError:
        self._process.join(_SECONDS_TO_LEAVE)
        return EngineInputError("worker_ended", exit=self._process.exitcode)


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Libraries count their threads when they are loaded, so a process must be born with the numbers."""
    before = {name: os.environ.get(name) for name in _ONE_THREAD}
    os.environ.update(dict.fromkeys(_ONE_THREAD, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _serve(line: Connection, packed: bytes) -> None:
    """Score what comes in until the line ends, which it does with the process at its other end."""
    threading.Thread(target=_leave_with_the_first, daemon=True).start()
    pa.set_cpu_count(1)
    scorer: Scorer = pickle.loads(packed)  # noqa: S301  (our own process wrote it)
    while True:
        try:
            batch = _unpacked(line.recv_bytes())
        except (EOFError, OSError):
            return
        try:
            answer = _DONE + bytes(_packed(scorer(batch)))
        except EngineInputError as error:
            answer = b"\1" + pickle.dumps((error.code, error.where, error.facts, ""))
        except Exception:  # noqa: BLE001  (whatever it is, the first process raises it)
            answer = b"\1" + pickle.dumps((None, None, {}, traceback.format_exc()))
        try:
            line.send_bytes(answer)
        except OSError:
            return


def _leave_with_the_first() -> None:
    """End this process with the one that started it, also in the middle of a batch."""
    first = multiprocessing.parent_process()
    assert first is not None
    first.join()
    os._exit(1)


def _packed(batch: pa.RecordBatch) -> memoryview:
    out = pa.BufferOutputStream()
    with pa.ipc.new_stream(out, batch.schema) as stream:
        stream.write_batch(batch)
    return memoryview(out.getvalue())


def _unpacked(data: bytes) -> pa.RecordBatch:
    with pa.ipc.open_stream(data) as stream:
        return stream.read_next_batch()


@contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """A process started here ignores Ctrl-C, which reaches all of them: the first one ends the others."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
