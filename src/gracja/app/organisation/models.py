"""The company: its places, its people, what each may do, who served when, and what staff were told."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Coalesce, Lower
from django.utils.crypto import salted_hmac

from gracja.app.common.clock import now
from gracja.app.common.jobs import Job
from gracja.app.common.spreadsheet import fold
from gracja.app.common.uid import new_uid

LANGUAGES = (("pl", "Polski"), ("en", "English"))


if TYPE_CHECKING:  # Django subscripts no field; only its stubs do
    Text = models.CharField[str, str]
else:
    Text = models.CharField


class Folded(Text):
    """Another field's text in small letters without diacritics, kept beside it: what a search looks in."""

    def __init__(self, of: str, **options: Any) -> None:
        self.of = of
        super().__init__(**{"max_length": 200, "editable": False, "db_index": True, "default": "", **options})

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        name, path, args, options = super().deconstruct()
        return name, path, [self.of, *args], options

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: ARG002, FBT001
        folded = fold(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, folded)
        return folded


class Company(models.Model):
    """The one company of this installation; its existence means that set-up is done."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    name = models.CharField(max_length=120)
    language = models.CharField(max_length=2, choices=LANGUAGES, default="pl")
    zone = models.CharField(max_length=60, default="Europe/Warsaw")
    checklist_hidden = models.BooleanField(default=False)
    made_at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(only=True), name="one_company"),)

    def __str__(self) -> str:
        return self.name


class Place(models.Model):
    """A region or a place where customers are served; regions hold places and regions."""

    REGION, PLACE = "region", "place"

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    kind = models.CharField(max_length=6, choices=((REGION, "region"), (PLACE, "place")), default=PLACE)
    name = models.CharField(max_length=120)
    code = models.CharField(max_length=60, blank=True)  # as other systems name it
    parent = models.ForeignKey(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="children"
    )
    # uids from the root to here, each between slashes: one LIKE finds everything below
    path = models.CharField(max_length=400, editable=False, db_index=True)
    zone = models.CharField(max_length=60, default="Europe/Warsaw")  # IANA
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ("path",)
        constraints = (
            models.UniqueConstraint(Lower("name"), Coalesce("parent", 0), name="place_name_once"),
            models.UniqueConstraint(Lower("code"), condition=~models.Q(code=""), name="place_code_once"),
        )

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.path = f"{self.parent.path if self.parent else '/'}{self.uid}/"
        super().save(*args, **kwargs)

    @property
    def depth(self) -> int:
        return self.path.count("/") - 2


class Person(models.Model):
    """Somebody of the company. `key` stands in results and logs; the name can be erased, the key stays."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    key = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    name = models.CharField(max_length=120)
    found_by = Folded("name")
    email = models.EmailField(blank=True)
    code = models.CharField(max_length=60, blank=True)  # as other systems name them
    started_on = models.DateField(null=True, blank=True)  # tenure is counted from here
    trainee_until = models.DateField(null=True, blank=True)  # until then shown apart
    deactivated_at = models.DateTimeField(null=True, blank=True)
    pseudonymised_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("name", "pk")
        constraints = (
            models.UniqueConstraint(Lower("code"), condition=~models.Q(code=""), name="person_code_once"),
            models.UniqueConstraint(Lower("email"), condition=~models.Q(email=""), name="person_email_once"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def active(self) -> bool:
        return self.deactivated_at is None


class Role(models.Model):
    """What somebody may do, as data: a name and permissions (see permissions.py)."""

    slug = models.SlugField(unique=True)
    title_pl = models.CharField(max_length=60)
    title_en = models.CharField(max_length=60)
    permissions = models.JSONField(default=list)
    built_in = models.BooleanField(default=False)

    class Meta:
        ordering = ("pk",)

    def __str__(self) -> str:
        return self.slug

    def title(self, language: str) -> str:
        return self.title_pl if language == "pl" else self.title_en


class Membership(models.Model):
    """A person's role, at a place and all below it, or in the whole company (place null)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="memberships")
    role = models.ForeignKey(Role, on_delete=models.PROTECT, related_name="memberships")
    place = models.ForeignKey(
        Place, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships"
    )
    since = models.DateField(null=True, blank=True)
    until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint("person", "role", Coalesce("place", 0), name="membership_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.role_id} {self.place_id}"


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


class Team(models.Model):
    """People who work together at one place."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    name = models.CharField(max_length=120)
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="teams")
    people = models.ManyToManyField(Person, related_name="teams", blank=True)

    class Meta:
        ordering = ("name",)
        constraints = (models.UniqueConstraint(Lower("name"), "place", name="team_name_once"),)

    def __str__(self) -> str:
        return self.name


class Shift(models.Model):
    """The roster: who served where and when."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="shifts")
    place = models.ForeignKey(Place, on_delete=models.PROTECT, related_name="shifts")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        ordering = ("starts_at",)
        indexes = (models.Index(fields=("place", "starts_at")),)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("starts_at")), name="shift_ends_after_start"
            ),
            models.UniqueConstraint(fields=("person", "place", "starts_at"), name="shift_once"),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.starts_at:%Y-%m-%d %H:%M}"


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


class StaffNotice(models.Model):
    """What staff were told will be measured, from which day: dated, kept, never edited once given."""

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    text_pl = models.TextField(blank=True)
    text_en = models.TextField(blank=True)
    sources = models.JSONField(default=list)  # visit, review, automatic, customer
    given_at = models.DateTimeField(null=True, blank=True)  # null: a draft
    measured_from = models.DateField()

    class Meta:
        ordering = ("-measured_from",)

    def __str__(self) -> str:
        return f"{self.measured_from}"


class NoticeRead(models.Model):
    """That a person read a notice, and when."""

    notice = models.ForeignKey(StaffNotice, on_delete=models.CASCADE, related_name="reads")
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="notices_read")
    at = models.DateTimeField(default=now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=("notice", "person"), name="notice_read_once"),)

    def __str__(self) -> str:
        return f"{self.notice_id} {self.person_id}"


class ImportFile(Job):
    """A file of people, places or shifts between choosing it and taking it over; emptied afterwards.

    A large one is looked at and taken over in the background: `doing` says which of both.
    """

    KINDS = ("people", "places", "roster")
    STATES = ("given", *Job.STATES)
    LOOK, APPLY = "look", "apply"

    state = models.CharField(max_length=10, default="given", choices=[(s, s) for s in STATES])
    kind = models.CharField(max_length=6, choices=[(kind, kind) for kind in KINDS])
    file_name = models.CharField(max_length=200)
    content = models.BinaryField()  # zlib; it may name people, so it goes once it is applied
    encoding = models.CharField(max_length=12, blank=True)  # empty: found out
    separator = models.CharField(max_length=1, blank=True)
    mapping = models.JSONField(null=True)  # our column -> the file's; null: guessed
    n_rows = models.PositiveIntegerField(default=0)
    head = models.JSONField(default=dict)  # heading, first
    doing = models.CharField(max_length=5, blank=True, choices=((LOOK, LOOK), (APPLY, APPLY)))
    found = models.JSONField(default=dict)  # by looking, as far as it is shown
    leave_wrong = models.BooleanField(default=False)  # take over the right rows only
    given_by = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    given_at = models.DateTimeField(default=now)
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-given_at",)

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"

    def save(self, **options: Any) -> None:
        """One that was deleted meanwhile, because it may name somebody who was erased, never comes back."""
        if self.pk and not options.get("update_fields"):
            options["force_update"] = True
        super().save(**options)
