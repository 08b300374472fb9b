"""Whether the application is well: for monitoring, without signing in."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from gracja.app.home import heartbeat

ALIVE_SECONDS: Final = 30


@login_not_required
@require_safe
@never_cache
def health(request: HttpRequest) -> JsonResponse:  # noqa: ARG001
    """200 where database, archive and worker are well, else 503; says which is not."""
    checks = {"database": _database(), "archive": _archive(), "worker": _worker()}
    well = all(checks.values())
    said = {name: "ok" if fine else "failing" for name, fine in checks.items()}
    return JsonResponse({"status": "ok" if well else "failing", **said}, status=200 if well else 503)


def _database() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return False
    return True


def _archive() -> bool:
    folder = Path(settings.HOME) / "archive"
    return os.access(folder if folder.exists() else settings.HOME, os.W_OK)


def _worker() -> bool:
    try:
        return time.time() - heartbeat(Path(settings.HOME)).stat().st_mtime < ALIVE_SECONDS
    except OSError:
        return False
