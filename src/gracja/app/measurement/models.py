"""Runs of the engine, and the results that they gave."""

from __future__ import annotations

from django.db import models

from gracja.app.common.clock import now
from gracja.app.common.jobs import Job
from gracja.app.organisation.models import Person, Place
from gracja.app.standards.models import Edition


class Run(Job):
    """One measurement: what went in, with which version of the engine."""

    edition = models.ForeignKey(Edition, on_delete=models.PROTECT, related_name="runs")
    period_start = models.DateField()
    period_end = models.DateField()
    engine_run = models.CharField(max_length=80, blank=True)  # digest of everything that went in
    engine_version = models.CharField(max_length=20, blank=True)
    went_in = models.CharField(max_length=64, blank=True)  # digest of what a night compares with the last run
    nightly = models.BooleanField(default=False)  # begun by itself; else somebody asked for it
    basis = models.JSONField(default=dict)  # which sources, how many marks of each
    notes = models.JSONField(default=list)  # codes with facts that belong beside the results
    not_measured = models.JSONField(default=list)
    unmapped = models.JSONField(default=dict)  # external names that nobody mapped, counted
    agreement = models.JSONField(default=dict)  # rows (engine's AGREEMENT) and anchoring; {}: not reckoned
    asked_by = models.ForeignKey(Person, null=True, on_delete=models.SET_NULL, related_name="+")
    asked_at = models.DateTimeField(default=now)

    class Meta:
        ordering = ("-asked_at",)

    def __str__(self) -> str:
        return self.uid


class Nights(models.Model):
    """At which hour of the company's clock everything is measured by itself, and how far that got."""

    only = models.BooleanField(default=True, unique=True, editable=False)
    hour = models.PositiveSmallIntegerField(null=True, default=3)  # null: never
    # the last that was seen to, or that another hour leaves out; null: none yet, tonight is the first
    last_night = models.DateField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(only=True), name="one_nights"),
            models.CheckConstraint(
                condition=models.Q(hour=None) | models.Q(hour__lte=23), name="night_hour_of_a_clock"
            ),
        )

    def __str__(self) -> str:
        return "never" if self.hour is None else f"{self.hour}:00"


class ReferenceMix(models.Model):
    """How much each base standard of an edition counts, frozen from the marks of its first closed quarter."""

    edition = models.OneToOneField(
        Edition, primary_key=True, on_delete=models.PROTECT, related_name="reference_mix"
    )
    first_day = models.DateField()
    last_day = models.DateField()
    # standard, due and not_due (contacts), counts (its weight times the share in which it was due)
    standards = models.JSONField()
    frozen_at = models.DateTimeField(default=now)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(last_day__gte=models.F("first_day")), name="mix_days_in_order"
            ),
        )

    def __str__(self) -> str:
        return str(self.edition_id)

    @property
    def weights(self) -> dict[str, float]:
        """Standard -> how much it counts, as the engine takes it."""
        return {one["standard"]: one["counts"] for one in self.standards if one["counts"] > 0}


class Result(models.Model):
    """One row of the engine's `results` table (engine/tables.py), with its subject resolved."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="results")
    subject_kind = models.CharField(max_length=10)  # employee, place, standard, part, evaluator
    subject = models.CharField(max_length=200)  # the engine's name: Person.key, Place.uid, a standard's id
    person = models.ForeignKey(Person, null=True, on_delete=models.CASCADE, related_name="results")
    place = models.ForeignKey(Place, null=True, on_delete=models.CASCADE, related_name="results")
    contacts = models.PositiveIntegerField(default=0)
    base = models.FloatField(null=True)
    grade = models.CharField(max_length=12, blank=True)
    row = models.JSONField()  # the whole row, names as in the results table; null is "not measured"
    model_fit = models.JSONField(null=True)  # of the engine's MODEL_FIT: how well its marks follow the model

    class Meta:
        ordering = ("subject",)
        indexes = (models.Index(fields=("run", "subject_kind")),)
        constraints = (
            models.UniqueConstraint(fields=("run", "subject_kind", "subject"), name="result_once"),
        )

    def __str__(self) -> str:
        return f"{self.subject_kind} {self.subject}"


class ResultSeen(models.Model):
    """What was seen of one employee. Apart from the result, which lists read by the thousand: with 200
    standards this is thirty times as long.
    """

    result = models.OneToOneField(
        Result, primary_key=True, on_delete=models.CASCADE, related_name="what_was_seen"
    )
    standards = models.JSONField(default=list)  # each standard's counts and examples

    def __str__(self) -> str:
        return str(self.result_id)


class Standing(models.Model):
    """What a run's fit held of standards, evaluators and places: new contacts move their employee against it,
    until the next run of the edition, which takes its place.
    """

    run = models.OneToOneField(Run, primary_key=True, on_delete=models.CASCADE, related_name="standing")
    fits = (
        models.JSONField()
    )  # engine's Running without its people: of all, and of those in training if apart
    after_visit = models.BigIntegerField()  # visits with a later number may be new
    visits = models.JSONField()  # of those, the ones that went in
    batches = models.JSONField()  # of conversations that went in, where they are what is measured
    seen = models.CharField(max_length=120, blank=True)  # what there was when contacts were last looked for
    attempts = models.PositiveSmallIntegerField(default=0)  # that failed since contacts were last counted
    not_before = models.DateTimeField(null=True, blank=True)  # waits for the next attempt

    def __str__(self) -> str:
        return str(self.run_id)


class Footing(models.Model):
    """Where an employee stood in the newest run, as engine's Running has it, and where new contacts moved
    their base since. Grades, ranks and tiers do not move.
    """

    result = models.OneToOneField(Result, primary_key=True, on_delete=models.CASCADE, related_name="footing")
    fit = models.PositiveSmallIntegerField()  # which of Standing.fits
    mean = models.FloatField()  # logits, as all that follow
    error = models.FloatField()
    own_error = models.FloatField()
    usual = models.FloatField()
    common = models.FloatField()
    contacts = models.PositiveIntegerField(default=0)  # new ones
    base = models.FloatField(null=True)  # with them; null: there are none
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(contacts=0, base=None, low=None, high=None)
                | models.Q(contacts__gt=0, low__gte=0, base__gte=models.F("low"), high__lte=1)
                & models.Q(high__gte=models.F("base")),
                name="footing_moved_by_contacts",
            ),
        )

    def __str__(self) -> str:
        return str(self.result_id)


class PartFit(models.Model):
    """How many contacts of one place were too distant or too close in one part, of those of which it is known
    what was wanted (engine/measure/closeness.py).
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="part_fits")
    place = models.ForeignKey(Place, null=True, on_delete=models.CASCADE, related_name="+")  # null: not named
    part = models.CharField(max_length=200, blank=True)  # empty: the contact as a whole
    judged = models.PositiveIntegerField()
    distant = models.PositiveIntegerField()
    close = models.PositiveIntegerField()
    # of the judged: who surely wanted closeness, or distance; null in measurements made before it was counted
    wanted_close = models.PositiveIntegerField(null=True)
    wanted_distance = models.PositiveIntegerField(null=True)
    unknown = models.PositiveIntegerField()
    distant_in = models.CharField(max_length=200, blank=True)  # the newest such conversation
    close_in = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                condition=models.Q(judged__gte=models.F("distant") + models.F("close")),
                name="part_fit_within_judged",
            ),
            models.CheckConstraint(
                condition=models.Q(wanted_close=None)
                | models.Q(
                    wanted_close__gte=models.F("distant"),
                    wanted_distance__gte=models.F("close"),
                    judged__gte=models.F("wanted_close") + models.F("wanted_distance"),
                ),
                name="part_fit_within_wanted",
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.place_id} {self.part}"


class Course(models.Model):
    """How a share went over time, of a place, a standard, or a standard at a place: the engine's
    measure/over_time/courses.py, which counts nothing of fewer than three people, in any period.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="courses")
    place = models.ForeignKey(Place, null=True, on_delete=models.CASCADE, related_name="+")
    standard = models.CharField(max_length=80, blank=True)  # empty: all base standards together
    grain = models.CharField(max_length=5)  # week, month
    begins = models.JSONField()  # first days of the periods; what follows is as long
    met = models.JSONField()
    judged = models.JSONField()
    low = models.JSONField()
    high = models.JSONField()
    smoothed = models.JSONField()
    signals = models.JSONField()
    centre = models.FloatField()
    dispersion = models.FloatField()
    change = models.JSONField(null=True)  # period, before, after, p, sure

    class Meta:
        ordering = ("pk",)
        constraints = (
            models.UniqueConstraint(
                fields=("run", "place", "standard"),
                condition=models.Q(place__isnull=False),
                name="course_once_a_place",
            ),
            models.UniqueConstraint(
                fields=("run", "standard"),
                condition=models.Q(place__isnull=True),
                name="course_once_a_standard",
            ),
            models.CheckConstraint(
                condition=models.Q(place__isnull=False) | ~models.Q(standard=""),
                name="course_of_a_place_or_standard",
            ),
        )

    def __str__(self) -> str:
        return f"{self.run_id} {self.place_id} {self.standard}"
