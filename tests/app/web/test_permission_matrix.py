"""Who gets what at every address: each row of permission_matrix.txt is asked for, by everybody.

A new page or operation without a row fails here, and its row, as it is now, stands in the failure: check it
cell by cell against what each role may do before you add it.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from app.web.addresses import allauth_pages, operations, pages
from django.db import transaction
from django.test import Client
from django.urls import reverse

TABLE = Path(__file__).with_name("permission_matrix.txt")
READERS = ("nobody", "darek", "edyta", "borys", "anna", "celina", "hubert", "filip", "grazyna")
# allauth's pages that a visitor must reach before signing in
OPEN = (
    *("account_login", "account_signup", "account_reset_password", "account_reauthenticate"),
    *("account_confirm_email", "account_email_verification_sent", "account_inactive"),
    *("mfa_login_webauthn", "mfa_authenticate", "forgotten_password"),
)


def table():
    """(what is asked for, method) -> what each reader gets."""
    rows = {}
    for line in TABLE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            method, what, *statuses = line.split()
            assert len(statuses) == len(READERS), line
            assert (what, method) not in rows, f"twice: {line}"
            rows[what, method] = statuses
    return rows


def as_row(what, method, statuses):
    return f"{method:<7} {what:<58} " + " ".join(f"{one:<7}" for one in statuses).rstrip()


def statuses_of(asked, world):
    """What everybody gets; nothing stays of what anybody did."""
    found = []
    for reader in READERS:
        with transaction.atomic():
            found.append(str(asked(reader)))
            transaction.set_rollback(True)
        world.put_back()
    return found


def compared(rows):
    """The rows that differ from the table, as they are now and as they stand there."""
    kept = table()
    return "\n".join(
        f"{'now' if key in kept else 'new'} {as_row(*key, now)}"
        + (f"\nwas {as_row(*key, kept[key])}" if key in kept else "")
        for key, now in rows.items()
        if kept.get(key) != now
    )


@pytest.fixture
def browsers(cast):
    """Reader -> a client in whose browser they are signed in, as new each time."""
    cookies = {}
    for reader in READERS[1:]:
        client = Client()
        client.force_login(
            getattr(cast, reader), backend="allauth.account.auth_backends.AuthenticationBackend"
        )
        cookies[reader] = client.cookies["sessionid"].value

    def browser(reader):
        client = Client(headers={"accept-language": "en"}, raise_request_exception=False)
        if reader in cookies:
            client.cookies["sessionid"] = cookies[reader]
        return client

    return browser


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_every_page_is_open_to_those_to_whom_it_is_meant_to_be(browsers, world, method):
    rows = {}
    for page in pages():
        path = reverse_of(page, world)
        rows[page.name, method] = statuses_of(
            lambda reader, path=path: browsers(reader).generic(method, path).status_code, world
        )

    if differ := compared(rows):
        pytest.fail(differ, pytrace=False)


def test_every_operation_is_open_to_those_to_whom_it_is_meant_to_be(cast, calling, world):
    rows = {}
    for method, path in operations():
        address = path.format(**world.in_operation(path)) + world.query(method, path)
        body = world.body(method, path)

        def asked(reader, address=address, body=body, method=method):
            client = calling(getattr(cast, reader)) if reader != "nobody" else Client()
            return client.generic(method, address, body, content_type="application/json").status_code

        rows[path, method] = statuses_of(asked, world)

    if differ := compared(rows):
        pytest.fail(differ, pytrace=False)


def test_the_table_names_nothing_that_is_not_there():
    there = {(page.name, method) for page in pages() for method in ("GET", "POST")}
    there |= {(path, method) for method, path in operations()}

    assert table().keys() - there == set()


def test_nobody_who_has_not_signed_in_gets_further_than_the_doors_of_allauth(browsers, db):
    for page in allauth_pages():
        if page.names or page.name.startswith(OPEN):
            continue
        status = Client().get("/" + page.route).status_code
        assert status in (302, 404, 405), page


def test_allauth_s_own_pages_break_for_nobody(browsers, world):
    for page in allauth_pages():
        if not page.names:
            for reader in READERS:
                with transaction.atomic():
                    assert browsers(reader).get("/" + page.route).status_code < 500, page
                    transaction.set_rollback(True)


def reverse_of(page, world):
    name = f"api:{page.name}" if page.route.startswith("api/") else page.name
    if not name.replace(":", "").replace("_", "").isalnum():  # a page without a name
        return "/" + page.route
    return reverse(name, kwargs=world.in_page(page))
