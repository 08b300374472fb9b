from __future__ import annotations

from datetime import timedelta

import pytest

from gracja.app.common.clock import now
from gracja.app.common.models import AuditEntry
from gracja.app.common.refused import Refused
from gracja.app.organisation.access import may, may_somewhere
from gracja.app.organisation.services.invitations import accept_invitation, invite_person
from gracja.app.organisation.services.people import deactivate_person, reactivate_person
from gracja.app.tokens.models import ApiToken
from gracja.app.tokens.selectors import token_readable, tokens_of
from gracja.app.tokens.services.callers import caller_with
from gracja.app.tokens.services.tokens import make_token, withdraw_token


def made(by, **given):
    return make_token(by=by, **({"title": "Kasa", "scopes": ["own", "person.read"], "days": 30} | given))


def test_a_token_acts_as_the_person_who_made_it_within_its_scopes(cast):
    caller = caller_with(made(cast.grazyna).secret)

    assert caller.user == cast.grazyna
    assert caller.scopes == {"own", "person.read"}
    assert may(caller.user, "person.read")
    assert not may_somewhere(caller.user, "person.manage")


def test_a_token_never_exceeds_what_its_person_may_do_now(cast, roles, rynek):
    secret = made(cast.grazyna, scopes=["place.manage"]).secret
    cast.grazyna.person.memberships.update(role=roles["employee"], place=rynek)

    assert not may_somewhere(caller_with(secret).user, "place.manage")


def test_the_secret_itself_is_kept_nowhere(cast):
    new = made(cast.grazyna)

    kept = [str(value) for value in ApiToken.objects.values().get().values()]
    assert not any(new.secret in value for value in kept)
    assert new.secret not in str(AuditEntry.objects.values_list("after", flat=True)[0])
    assert new.token.ending == new.secret[-4:]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"title": " "}, "token_untitled"),
        ({"scopes": []}, "token_without_scope"),
        ({"scopes": ["everything"]}, "scope_not_held"),
        ({"days": 0}, "token_too_long_lived"),
        ({"days": 367}, "token_too_long_lived"),
    ],
)
def test_a_token_without_name_scope_or_end_is_refused(cast, given, code):
    with pytest.raises(Refused) as refused:
        made(cast.grazyna, **given)

    assert refused.value.code == code
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize("name", ["anna", "borys", "darek", "filip", "hubert"])
def test_who_may_not_manage_tokens_makes_none(cast, name):
    with pytest.raises(Refused) as refused:
        made(getattr(cast, name))
    assert refused.value.code == "not_permitted"


def test_a_withdrawn_or_expired_token_lets_nobody_in(cast):
    first, second = made(cast.grazyna), made(cast.grazyna)
    withdraw_token(by=cast.grazyna, token=first.token)
    ApiToken.objects.filter(pk=second.token.pk).update(
        made_at=now() - timedelta(days=31), expires_at=now() - timedelta(seconds=1)
    )

    assert caller_with(first.secret) is None
    assert caller_with(second.secret) is None
    assert caller_with("gracja_guessed") is None


def test_the_token_of_somebody_who_left_lets_nobody_in(cast):
    secret = made(cast.grazyna).secret
    cast.grazyna.person.deactivated_at = now()
    cast.grazyna.person.save()

    assert caller_with(secret) is None


def test_withdrawing_twice_is_written_down_once(cast):
    token = made(cast.grazyna).token

    for _ in range(2):
        withdraw_token(by=cast.grazyna, token=token)

    assert AuditEntry.objects.filter(action="token.withdraw").count() == 1


def test_one_sees_and_withdraws_ones_own_tokens_and_an_administrator_everybodys(cast, roles):
    cast.filip.person.memberships.update(role=roles["administrator"])
    token = made(cast.filip).token
    cast.filip.person.memberships.update(role=roles["employee"])
    del cast.filip.held

    assert list(tokens_of(by=cast.filip)) == list(tokens_of(by=cast.grazyna)) == [token]
    assert token_readable(by=cast.darek, uid=token.uid) is None
    with pytest.raises(Refused):
        withdraw_token(by=cast.darek, token=token)
    withdraw_token(by=cast.filip, token=token)


def test_when_a_token_was_used_is_noted_now_and_then(cast):
    new = made(cast.grazyna)

    caller_with(new.secret)
    first = ApiToken.objects.get().used_at
    caller_with(new.secret)

    assert first is not None
    assert ApiToken.objects.get().used_at == first


def withdrawals(token):
    return AuditEntry.objects.filter(action="token.withdraw", subject_key=token.uid).count()


def test_a_token_does_not_come_back_with_the_account(cast, roles):
    cast.filip.person.memberships.update(role=roles["administrator"])
    new = made(cast.filip)

    deactivate_person(by=cast.grazyna, person=cast.filip.person)
    reactivate_person(by=cast.grazyna, person=cast.filip.person)

    assert caller_with(new.secret) is None
    assert withdrawals(new.token) == 1
    assert AuditEntry.objects.get(action="token.withdraw").by_key == cast.grazyna.person.key


def test_a_new_password_by_an_administrator_s_link_ends_the_tokens_from_before(cast, roles):
    cast.filip.person.memberships.update(role=roles["administrator"])
    new = made(cast.filip)
    _, link = invite_person(by=cast.grazyna, person=cast.filip.person)
    assert caller_with(new.secret) is not None

    accept_invitation(token=link, login="filip", password="fotel lustro szampon")

    assert caller_with(new.secret) is None
    assert withdrawals(new.token) == 1
