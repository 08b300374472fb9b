"""What is over and kept for nobody: ended sessions, old sign-ins, finished tasks. Cleared once a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib.sessions.models import Session
from django.db import transaction
from django_tasks_db.models import DBTaskResult

from gracja.app.common.clock import now
from gracja.app.service_mode.services.keeping import clean_advice

TASKS_KEPT: Final = timedelta(days=30)
SIGN_INS_KEPT: Final = timedelta(
    days=90
)  # from which address, with what browser: enough to follow up a theft


@transaction.atomic
def clear_what_is_over() -> None:
    """Sessions past their end, devices whose session is gone, sign-ins, advice and tasks of long ago.

    Again is harmless.
    """
    Session.objects.filter(expire_date__lt=now()).delete()
    there = Session.objects.values("session_key")
    UserSession.objects.exclude(session_key__in=there).delete()  # with where it was and with what browser
    for log in (AccessAttempt, AccessFailureLog, AccessLog):
        log.objects.filter(attempt_time__lt=now() - SIGN_INS_KEPT).delete()
    clean_advice()
    DBTaskResult.objects.finished().filter(finished_at__lt=now() - TASKS_KEPT).delete()
