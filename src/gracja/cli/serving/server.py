"""The web server (gunicorn with threads) and the worker beside it, which end together."""

from __future__ import annotations

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from gunicorn.app.base import BaseApplication

STOP_SECONDS: Final = 20  # so long a task may take to its end; one cut off begins anew at the next start
RESTART_SECONDS: Final = 2
BEHIND_SECONDS: Final = 3  # the first page is asked for at once; what takes long may begin after it
QUIET_SECONDS: Final = 10  # after the first page; then the rest is loaded, before it is asked for
# for programs, and what reads a customer's words
_REST: Final = ("gracja.app.api.urls", "gracja.engine.state")


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """gunicorn, told its options by us instead of by a command line."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        from gracja.app.wsgi import application  # noqa: PLC0415  (in the server's own processes)

        return application


class Worker:
    """The process that does what takes long. It is started again if it dies, and goes when we go."""

    def __init__(self, heartbeat: Path) -> None:
        self._heartbeat = heartbeat
        self._ending = threading.Event()
        self._starting = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._watch = threading.Thread(target=self._keep_alive, daemon=True)

    def start(self) -> None:
        # A server's process that is forked while a worker is being started would hold its pipe open, and the
        # worker's end would never be seen. (subprocess does not call these: it closes what is not its own.)
        os.register_at_fork(
            before=self._starting.acquire,
            after_in_parent=self._starting.release,
            after_in_child=self._starting.release,
        )
        self._watch.start()

    def _keep_alive(self) -> None:
        self._ending.wait(BEHIND_SECONDS)
        # gunicorn reaps every child, so that waiting for this one would find nothing: the end of a pipe
        # that only the worker holds open tells that it is gone. It notices our end in the same way.
        while (alive := self._begin()) is not None:
            os.read(alive, 1)
            os.close(alive)
            # one that was killed, or stopped while it started, cannot take back that it is well
            self._heartbeat.unlink(missing_ok=True)
            self._ending.wait(RESTART_SECONDS)

    def _begin(self) -> int | None:
        """Start a worker, unless the end has come. Returns the end of the pipe to watch it by."""
        with self._starting:
            if self._ending.is_set():
                return None
            alive, held = os.pipe()
            self._process = subprocess.Popen(
                [sys.executable, "-m", "gracja.cli.serving.worker"],
                stdin=subprocess.PIPE,
                pass_fds=(held,),
                start_new_session=True,
            )
            os.close(held)
            return alive

    def stop(self) -> None:
        """Let it finish what it has begun, for a while."""
        with self._starting:
            self._ending.set()
            process = self._process
        if process is None:
            return
        if process.stdin:
            process.stdin.close()
        self._watch.join(STOP_SECONDS)
        if self._watch.is_alive():
            process.kill()
            self._watch.join(RESTART_SECONDS)


def settle(_worker: object = None) -> None:
    """Load what the first page would wait for, and keep it out of every later collection of garbage: to look
    through all of it, which never goes, held a page up by a third of a second now and then.
    """
    from django.urls import get_resolver  # noqa: PLC0415  (in the server's own processes)

    get_resolver().url_patterns  # noqa: B018  (imports every view)
    gc.collect()
    gc.freeze()
    later = threading.Timer(QUIET_SECONDS, _load_the_rest)
    later.daemon = True
    later.start()


def _load_the_rest() -> None:
    for name in _REST:
        import_module(name)
    gc.collect()
    gc.freeze()


def serve(*, host: str, port: int, workers: int, on_ready: Callable[[], None]) -> None:
    """Serve until SIGTERM or Ctrl-C; then everything ends together."""
    from django.conf import settings  # noqa: PLC0415  (needs the extra)

    from gracja.app.home import heartbeat  # noqa: PLC0415
    from gracja.app.operations.neighbour import stop_neighbour  # noqa: PLC0415  (needs loaded settings)

    worker = Worker(heartbeat(Path(settings.HOME)))
    shared_memory = Path("/dev/shm")  # noqa: S108  (gunicorn's own heartbeats: a disk would stall them)

    def ready(_server: object) -> None:
        worker.start()
        on_ready()

    def ended(_server: object) -> None:
        worker.stop()
        stop_neighbour()

    options = {
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": workers,
        "worker_class": "gthread",
        "threads": 4,
        "timeout": 120,
        "graceful_timeout": 10,
        "keepalive": 15,
        "loglevel": "warning",
        "worker_tmp_dir": str(shared_memory) if shared_memory.is_dir() else None,
        "control_socket_disable": True,
        "proc_name": "gracja",
        "when_ready": ready,
        "post_worker_init": settle,
        "on_exit": ended,
        "secure_scheme_headers": {"X-FORWARDED-PROTO": "https"} if settings.HTTPS else {},
    }
    Server(options).run()
