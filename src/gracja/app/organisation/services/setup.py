"""The first day: a company, the roles it starts with, and who administers it."""

from __future__ import annotations

from django.contrib.auth.password_validation import validate_password
from django.db import IntegrityError, transaction

from gracja.app.common import audit
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import require
from gracja.app.organisation.models import Company, Membership, Person, Role, User
from gracja.app.organisation.permissions import ROLES


@transaction.atomic
def set_up_company(
    *, name: str, language: str, zone: str, login: str, person_name: str, password: str, email: str = ""
) -> User:
    """Make the company, the built-in roles and the first administrator. Once only.

    Raises Refused: already_set_up; ValidationError for a password that is too easy.
    """
    person = Person(name=person_name.strip(), email=email.strip())
    user = User(person=person, login=login.strip(), email=person.email, language=language)
    validate_password(password, user)
    user.set_password(password)
    try:
        with transaction.atomic():  # two people may set up at once: the second finds the row there
            company = Company.objects.create(name=name.strip(), language=language, zone=zone)
    except IntegrityError:
        raise Refused("already_set_up") from None
    roles = make_built_in_roles()
    person.save()
    user.person = person
    user.save()
    Membership.objects.create(person=person, role=roles["administrator"])
    audit.record(
        "company.set_up",
        by=user,
        subject=("company", "company"),
        after={"name": company.name, "language": language, "zone": zone},
    )
    return user


def judge_password(password: str, *, person_name: str, login: str, email: str) -> None:
    """Whether the first administrator may have this password: one's own name is none.

    Raises ValidationError: it is too easy.
    """
    person = Person(name=person_name, email=email)
    validate_password(password, User(person=person, login=login, email=email))


def make_built_in_roles() -> dict[str, Role]:
    """The roles that a company starts with, by slug; a step of set-up, which asks for no permission yet."""
    return {
        one.slug: Role.objects.create(
            slug=one.slug,
            title_pl=one.title_pl,
            title_en=one.title_en,
            permissions=list(one.permissions),
            built_in=True,
        )
        for one in ROLES
    }


@transaction.atomic
def hide_checklist(*, by: User) -> None:
    """The list of first steps is not shown again. Repeating is harmless. Raises Refused: not_permitted."""
    require(by, "company.manage")
    if Company.objects.filter(checklist_hidden=False).update(checklist_hidden=True):
        audit.record(
            "company.hide_checklist",
            by=by,
            subject=("company", "company"),
            before={"checklist_hidden": False},
            after={"checklist_hidden": True},
        )
