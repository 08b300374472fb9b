"""People: add, change, deactivate, take back, pseudonymise."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date

from allauth.usersessions.models import UserSession
from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.erasures import note_erasure
from gracja.app.common.names import Names
from gracja.app.common.refused import Refused
from gracja.app.common.taken import unless_taken
from gracja.app.organisation.access import require, require_hold_over
from gracja.app.organisation.models import ImportFile, Invitation, Person, Place, Role, User
from gracja.app.organisation.services.guard import administered
from gracja.app.organisation.services.naming import forms_of_a_colleague
from gracja.app.organisation.services.roles import give_membership

PERSONAL = ("name", "email", "code")
type Forget = Callable[[Person, Names], None]


@transaction.atomic
def add_person(
    *,
    by: User,
    name: str,
    role: Role,
    place: Place | None,
    email: str = "",
    code: str = "",
    started_on: date | None = None,
    trainee_until: date | None = None,
) -> Person:
    """Somebody new, with their first role.

    Raises Refused: not_permitted, person_code_taken (given), person_email_taken (email), and as
    `give_membership`.
    """
    require(by, "person.manage", place=place)
    person = Person(
        name=name.strip(),
        email=email.strip(),
        code=code.strip(),
        started_on=started_on,
        trainee_until=trainee_until,
    )
    save_once(person)
    audit.record(
        "person.add",
        by=by,
        subject=("person", person.key),
        after=facts_of(person),
        personal=PERSONAL,
        place=place.uid if place else "",
    )
    give_membership(by=by, person=person, role=role, place=place)
    return person


@transaction.atomic
def change_person(
    *,
    by: User,
    person: Person,
    name: str,
    email: str,
    code: str,
    started_on: date | None,
    trainee_until: date | None,
) -> Person:
    """Other particulars; the account's address follows. Raises Refused as `add_person`; above_you, erased."""
    require_hold_over(by, person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    _refuse_erased(person)
    before = facts_of(person)
    person.name, person.email, person.code = name.strip(), email.strip(), code.strip()
    person.started_on, person.trainee_until = started_on, trainee_until
    if before == facts_of(person):
        return person
    save_once(person)
    User.objects.filter(person=person).update(email=person.email)
    audit.record(
        "person.change",
        by=by,
        subject=("person", person.key),
        before=before,
        after=facts_of(person),
        personal=PERSONAL,
    )
    return person


@transaction.atomic
def deactivate_person(*, by: User, person: Person) -> None:
    """They may do nothing from now on and are signed out everywhere; results stay. Repeating is harmless.

    Their tokens end for good: they do not come back with the account.
    Raises Refused: not_permitted, above_you, last_administrator.
    """
    require_hold_over(by, person)
    with administered():
        if Person.objects.filter(pk=person.pk, deactivated_at=None).update(deactivated_at=now()):
            User.objects.filter(person=person).update(is_active=False)
            sign_out_everywhere(person)
            withdraw_all(person)
            withdraw_tokens(person, by=by)
            _record_active(by, person, active=False)
    person.refresh_from_db()


@transaction.atomic
def reactivate_person(*, by: User, person: Person) -> None:
    """They may come back with the login and roles they had.

    Raises Refused: not_permitted, above_you, erased.
    """
    require_hold_over(by, person)
    person.refresh_from_db()
    _refuse_erased(person)
    if Person.objects.filter(pk=person.pk).exclude(deactivated_at=None).update(deactivated_at=None):
        User.objects.filter(person=person).update(is_active=True)
        withdraw_tokens(person, by=by)
        _record_active(by, person, active=True)
    person.refresh_from_db()


@transaction.atomic
def pseudonymise_person(*, by: User, person: Person, forget: Forget) -> None:
    """Erase who they are, for ever. Results and log keep the key, which names nobody. Repeating is harmless.

    forget: erases them from what stands on people; `operations.erasure` knows all of it.
    Raises Refused: not_permitted, above_you, last_administrator.
    """
    require(by, "person.pseudonymise")
    require_hold_over(by, person)
    _erase(person, by=by, forget=forget)


def erase_again(keys: Iterable[str], *, forget: Forget) -> int:
    """After a restore: erase anew whoever was erased since the backup was made. How many they were."""
    back = list(Person.objects.filter(key__in=list(keys), pseudonymised_at=None))
    for person in back:
        _erase(person, by=None, forget=forget)
    return len(back)


@transaction.atomic
def _erase(person: Person, *, by: User | None, forget: Forget) -> None:
    with administered():
        person = Person.objects.select_for_update().get(pk=person.pk)
        if person.pseudonymised_at:
            return
        before = facts_of(person)
        account = User.objects.filter(person=person).first()
        names = names_of(person, account)
        typed = {*names.called, *names.codes}
        typed |= {name.casefold() for name in typed}  # as guesses are kept
        for log in (AccessAttempt, AccessFailureLog, AccessLog):
            log.objects.filter(username__in=typed).delete()
        withdraw_tokens(person, by=by)
        if account:
            sign_out_everywhere(person)
            account.delete()  # with its passkeys and codes
        person.invitations.all().delete()
        ImportFile.objects.filter(applied_at=None).delete()  # any of them may name this person
        for file in ImportFile.objects.all():
            ImportFile.objects.filter(pk=file.pk).update(file_name=names.masked(file.file_name)[:200])
        person.name = pseudonym(person)
        person.email = person.code = ""
        person.deactivated_at = person.deactivated_at or now()
        person.pseudonymised_at = now()
        person.save()
        audit.record(
            "person.pseudonymise",
            by=by,
            subject=("person", person.key),
            before=before,
            after=facts_of(person) | {"name": "pseudonym"},
            personal=PERSONAL,
        )
    # files do not come back with the transaction: after everything that may refuse
    forget(person, names)
    person.external_ids.exclude(value=person.key).delete()  # names that other systems use; contacts' rows
    transaction.on_commit(lambda: note_erasure(person.key))


def names_of(person: Person, account: User | None) -> Names:
    """Everything by which this person is known here, to be found elsewhere; in what somebody wrote, name and
    surname as Polish inflects them, too.
    """
    return Names(
        (person.name, person.email, *((account.email,) if account else ())),
        person.external_ids.values_list("value", flat=True),
        (person.code, *((account.login,) if account else ())),
        instead=pseudonym(person),
        parts=sorted(forms_of_a_colleague(person.name)),
    )


def pseudonym(person: Person) -> str:
    """`Osoba A1B2`: the same in both languages, from the key alone."""
    return f"Osoba {''.join(letter for letter in person.key if letter.isalnum())[:4].upper()}"


def sign_out_everywhere(person: Person) -> None:
    """End every session of this person's account; none comes to life again when the account does."""
    User.objects.filter(person=person).update(signed_out_at=now())
    for session in UserSession.objects.filter(user__person=person):
        session.end()


def withdraw_all(person: Person) -> None:
    """No open invitation of this person works any longer."""
    Invitation.objects.filter(person=person, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now())


def withdraw_tokens(person: Person, *, by: User | None) -> None:
    """No program comes in as this person any longer, for good."""
    for token in person.tokens.filter(withdrawn_at=None):  # the rows belong to tokens
        token.withdrawn_at = now()
        token.save(update_fields=("withdrawn_at",))
        audit.record("token.withdraw", by=by, subject=("token", token.uid), after={"withdrawn": True})


def facts_of(person: Person) -> dict[str, str]:
    """What the log compares."""
    return {
        "name": person.name,
        "email": person.email,
        "code": person.code,
        "started_on": person.started_on.isoformat() if person.started_on else "",
        "trainee_until": person.trainee_until.isoformat() if person.trainee_until else "",
    }


def save_once(person: Person) -> None:
    """Raises Refused as `check_unique`, also where somebody else was a moment faster."""
    check_unique(person)
    with unless_taken(
        person_code_once=Refused("person_code_taken", given=person.code),
        person_email_once=Refused("person_email_taken", email=person.email),
    ):
        person.save()


def check_unique(person: Person) -> None:
    """Raises Refused: person_code_taken (given), person_email_taken (email)."""
    others = Person.objects.exclude(pk=person.pk)
    if person.code and others.filter(code__iexact=person.code).exists():
        raise Refused("person_code_taken", given=person.code)
    if person.email and others.filter(email__iexact=person.email).exists():
        raise Refused("person_email_taken", email=person.email)


def _refuse_erased(person: Person) -> None:
    if person.pseudonymised_at:
        raise Refused("erased", name=person.name)


def _record_active(by: User, person: Person, *, active: bool) -> None:
    audit.record(
        "person.reactivate" if active else "person.deactivate",
        by=by,
        subject=("person", person.key),
        before={"active": not active},
        after={"active": active},
    )
