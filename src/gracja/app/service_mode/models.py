"""How personal to be: the company's situation rules, and what was advised by them."""

from __future__ import annotations

from django.db import models

from gracja.app.common.clock import now
from gracja.app.common.uid import new_uid
from gracja.app.organisation.models import Person, Place


class RulesVersion(models.Model):
    """Published situation rules. Nothing in them changes afterwards (held by a trigger in the database)."""

    version = models.PositiveIntegerField(unique=True)
    document = models.JSONField()  # as gracja.engine.dial.read.as_json gives it
    note = models.TextField(max_length=2000)  # why they were changed
    published_at = models.DateTimeField(default=now)
    published_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ("-version",)

    def __str__(self) -> str:
        return f"company@{self.version}"


class RulesDraft(models.Model):
    """What the next rules will be: one, for everybody. `revision` grows with each change; a writer says which
    one they saw.
    """

    only = models.BooleanField(default=True, unique=True, editable=False)
    document = models.JSONField()
    revision = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(default=now)
    changed_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        constraints = (models.CheckConstraint(condition=models.Q(only=True), name="one_rules_draft"),)

    def __str__(self) -> str:
        return f"r{self.revision}"


class RulesStep(models.Model):
    """What the draft was before a change: undo takes it from here."""

    draft = models.ForeignKey(RulesDraft, on_delete=models.CASCADE, related_name="steps")
    revision = models.PositiveIntegerField()  # that the change made
    before = models.JSONField()

    class Meta:
        ordering = ("-revision",)
        constraints = (models.UniqueConstraint(fields=("draft", "revision"), name="rules_step_once"),)

    def __str__(self) -> str:
        return f"r{self.revision}"


class Keeping(models.Model):
    """What is kept of advice, and where the panel may stand: the company's choice."""

    NOTHING, WITHOUT_PERSON, WITH_PERSON = "nothing", "without_person", "with_person"
    WHAT = (NOTHING, WITHOUT_PERSON, WITH_PERSON)

    only = models.BooleanField(default=True, unique=True, editable=False)
    keep = models.CharField(max_length=14, default=WITHOUT_PERSON, choices=[(one, one) for one in WHAT])
    keep_days = models.PositiveSmallIntegerField(default=365)
    read_words = models.BooleanField(default=False)  # of customers, in the panel; never kept
    panel_origins = models.JSONField(default=list)  # https://helpdesk.example

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(only=True), name="one_keeping"),
            models.CheckConstraint(
                condition=models.Q(keep_days__gte=1, keep_days__lte=3650), name="advice_kept_for_some_days"
            ),
        )

    def __str__(self) -> str:
        return self.keep


class PanelKey(models.Model):
    """Lets somebody's panel in where no cookie comes along: as them, to advice (and gestures, if they chose
    it), until it ends. Only its hash is kept.
    """

    uid = models.CharField(max_length=22, default=new_uid, unique=True, editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="panel_keys")
    title = models.CharField(max_length=80)  # in which helpdesk and browser, in its maker's words
    key_hash = models.CharField(max_length=64, unique=True)
    ending = models.CharField(max_length=4)  # of the secret, so that its maker knows which one it is
    grants = models.BooleanField(default=False)  # gestures too, as far as the person may
    made_at = models.DateTimeField(default=now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)  # lately; not every time is written down
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("-made_at", "-pk")
        constraints = (
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="panel_key_ends_after_it_is_made"
            ),
        )

    def __str__(self) -> str:
        return self.uid

    @property
    def valid(self) -> bool:
        return self.withdrawn_at is None and self.expires_at > now()


class Advised(models.Model):
    """One situation, what was advised, and what was done: for learning. It says nothing about how personal
    the contact should have been.
    """

    SOURCES = ("counter", "panel", "program")

    uid = models.CharField(max_length=36, unique=True)  # made by whoever sends it, so that it comes in once
    at = models.DateTimeField(db_index=True)
    person = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    place = models.ForeignKey(Place, null=True, on_delete=models.SET_NULL, related_name="+")
    customer_key = models.CharField(max_length=200, blank=True)
    contact = models.CharField(max_length=200, blank=True)
    kind = models.CharField(max_length=12)
    occupation = models.CharField(max_length=80, blank=True)
    cues = models.JSONField(default=dict)  # cue -> how many
    dial = models.PositiveSmallIntegerField()
    band = models.CharField(max_length=10)
    rules = models.CharField(max_length=90)  # bundled@1
    edition = models.CharField(max_length=90, blank=True)
    channel = models.CharField(max_length=20, blank=True)
    lines = models.JSONField(default=list)  # shown to do: cue:hurried, standard:greet, rules:within_reach
    moves = models.JSONField(default=list)  # of these, the ones ticked as done
    offline = models.BooleanField(default=False)
    source = models.CharField(max_length=8, choices=[(one, one) for one in SOURCES])

    class Meta:
        ordering = ("-at",)
        indexes = (models.Index(fields=("place", "at")),)
        constraints = (
            models.CheckConstraint(condition=models.Q(dial__lte=100), name="advised_dial_in_range"),
        )

    def __str__(self) -> str:
        return f"{self.uid} {self.band}"
