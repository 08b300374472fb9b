"""What is over and kept for nobody: ended sessions, finished tasks. The worker clears it once a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from gracja.app.common.clock import now

TASKS_KEPT: Final = timedelta(days=30)


@transaction.atomic
def clear_what_is_over() -> None:
    """Sessions past their end, devices whose session is gone, tasks finished long ago. Again is harmless."""
    Session.objects.filter(expire_date__lt=now()).delete()
    there = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=there).delete()  # with where it was and with what browser
    DBTaskResult.objects.finished().filter(finished_at__lt=now() - TASKS_KEPT).delete()
