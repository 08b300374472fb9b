"""Invitations: a link by which a person makes their account, or chooses a new password."""

from __future__ import annotations

import hashlib
import secrets
from datetime import timedelta
from typing import Final

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from gracja.app.common import audit
from gracja.app.common.clock import now
from gracja.app.common.refused import Refused
from gracja.app.common.taken import unless_taken
from gracja.app.organisation.access import require_hold_over
from gracja.app.organisation.models import Invitation, Person, User
from gracja.app.organisation.services.people import sign_out_everywhere, withdraw_all, withdraw_tokens

LASTS: Final = timedelta(days=7)


@transaction.atomic
def invite_person(*, by: User, person: Person) -> tuple[Invitation, str]:
    """A new invitation and its token, which is nowhere kept. Earlier open ones stop working.

    Raises Refused: not_permitted, above_you, person_inactive (name).
    """
    require_hold_over(by, person)
    if not person.active:
        raise Refused("person_inactive", name=person.name)
    withdraw_all(person)
    token = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        person=person, token_hash=hash_of(token), made_by=by.person, expires_at=now() + LASTS
    )
    audit.record("invitation.make", by=by, subject=("person", person.key))
    return invitation, token


@transaction.atomic
def withdraw_invitation(*, by: User, invitation: Invitation) -> None:
    """The link stops working. Repeating it is harmless. Raises Refused: not_permitted, above_you."""
    require_hold_over(by, invitation.person)
    if Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(
        withdrawn_at=now()
    ):
        audit.record("invitation.withdraw", by=by, subject=("person", invitation.person.key))


@transaction.atomic
def accept_invitation(*, token: str, login: str, password: str, language: str = "") -> User:
    """Make the account, or give it a new password, which ends its sessions and tokens.

    No permission: whoever has the link is the invited one.
    Raises Refused as `usable_invitation`; login_taken (login). Raises
    ValidationError for a password that is too easy.
    """
    invitation = usable_invitation(token, lock=True)
    person = invitation.person
    user = User.objects.filter(person=person).first() or User(person=person, email=person.email)
    new = user.pk is None
    if new:
        if User.objects.filter(login__iexact=login.strip()).exists():
            raise Refused("login_taken", login=login.strip())
        user.login, user.language = login.strip(), language
    validate_password(password, user)
    user.set_password(password)
    user.is_active = True
    with unless_taken(login=Refused("login_taken", login=user.login)):
        user.save()
    sign_out_everywhere(person)
    withdraw_tokens(person, by=user)
    user.refresh_from_db()
    invitation.accepted_at = now()
    invitation.save(update_fields=("accepted_at",))
    audit.record(
        "invitation.accept" if new else "account.new_password", by=user, subject=("person", person.key)
    )
    return user


def usable_invitation(token: str, *, lock: bool = False) -> Invitation:
    """The invitation of this link, while it works.

    Raises Refused: invitation_unknown, invitation_used, invitation_withdrawn, invitation_expired.
    """
    rows = Invitation.objects.select_related("person", "made_by__user")
    if lock:
        rows = rows.select_for_update(of=("self",))
    invitation = rows.filter(token_hash=hash_of(token)).first()
    if invitation is None:
        raise Refused("invitation_unknown")
    if invitation.accepted_at:
        raise Refused("invitation_used")
    if invitation.withdrawn_at or not invitation.person.active or not _still_may(invitation):
        raise Refused("invitation_withdrawn")
    if invitation.expires_at <= now():
        raise Refused("invitation_expired")
    return invitation


def _still_may(invitation: Invitation) -> bool:
    """Whether who made the link might make it now: neither left, nor is the invited one above them since.

    A link without a maker was made on the server (`lost_password`): people stay, also when they are erased.
    """
    if invitation.made_by is None:
        return True
    maker: User | None = getattr(invitation.made_by, "user", None)
    if maker is None:
        return False
    try:
        require_hold_over(maker, invitation.person)
    except Refused:
        return False
    return True


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
