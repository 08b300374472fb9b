"""How people sign in, and how they come to an account."""

from __future__ import annotations

from functools import cached_property
from typing import ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac

from gracja.app.common.clock import now
from gracja.app.common.uid import new_uid
from gracja.app.organisation.models.company import LANGUAGES
from gracja.app.organisation.models.people import Person
from gracja.app.organisation.models.roles import Membership


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(login__iexact=username)


class User(AbstractBaseUser):
    """An account: how a person signs in."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="user")
    login = models.CharField(max_length=120, unique=True)
    email = models.EmailField(blank=True)
    is_active = models.BooleanField(default=True)
    language = models.CharField(max_length=2, choices=LANGUAGES, blank=True)
    theme = models.CharField(
        max_length=6, choices=(("", "system"), ("light", "light"), ("dark", "dark")), blank=True
    )
    made_at = models.DateTimeField(default=now)
    signed_out_at = models.DateTimeField(null=True, blank=True)  # no session from before works any longer

    objects: ClassVar[UserManager] = UserManager()
    USERNAME_FIELD = "login"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = (models.UniqueConstraint(Lower("login"), name="login_once"),)

    def __str__(self) -> str:
        return self.login

    @property
    def audit_key(self) -> str:
        return self.person.key

    @property
    def name(self) -> str:
        return self.person.name

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What a session has to know: a session from before `signed_out_at` does not."""
        if self.signed_out_at is None:
            return super()._get_session_auth_hash(secret)  # type: ignore[misc, no-any-return]
        return salted_hmac(
            "gracja.session", f"{self.password} {self.signed_out_at.isoformat()}", secret, algorithm="sha256"
        ).hexdigest()

    @cached_property
    def held(self) -> list[Membership]:
        """What this person may do and where, read once a request."""
        today = now().date()
        rows = self.person.memberships.select_related("role", "place").filter(
            models.Q(since=None) | models.Q(since__lte=today),
            models.Q(until=None) | models.Q(until__gte=today),
        )
        return list(rows) if self.is_active and self.person.active else []


class Invitation(models.Model):
    """A link by which a person makes their account; only its hash is kept."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="invitations")
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at",)

    def __str__(self) -> str:
        return self.uid
