"""The REST interface: one NinjaAPI; each word adds its router."""

from __future__ import annotations

from typing import Final

from ninja import NinjaAPI

from gracja.app.api import (
    advice,
    agreement,
    budgets,
    club,
    conversation_reviews,
    conversations,
    customers,
    gestures,
    measurement,
    organisation,
    people,
    places,
    planned_visits,
    problems,
    recovery,
    second_reviews,
    standards,
    visits,
)

ABOUT: Final = """\
Everything that Gracja's pages do with places, people, editions, conversations, visits and results, for
programs. It is the same as on the pages: a token acts as the person who made it, sees what they see and may
do what they may do, within the scopes that the token was given.

**Sign in** with `Authorization: Bearer gracja_…`. Tokens are made under *Organisation → Tokens*; each has
scopes and a day on which it expires, and is shown once. A browser that is signed in may read.

**Language**: sentences come in the language of `Accept-Language` (`pl` or `en`).

**Errors** are `application/problem+json`: `code` is for programs and never changes its meaning, `detail` is a
whole sentence for people, `facts` holds the values in it, `errors` every field that does not fit.

**Lists** come a page at a time: send `next` of one page as `cursor` of the next. Nothing is shown twice or
left out when rows come or go meanwhile.

**Writes** take an `Idempotency-Key`: sent again with the same key within 24 hours, a write is answered as the
first time and not done again.

Moments are UTC; days are calendar days; identifiers (`uid`) never change and are never used again.
"""

api: Final = NinjaAPI(
    title="Gracja",
    version="1",
    description=ABOUT,
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
    openapi_extra={
        "info": {"license": {"name": "Apache-2.0", "identifier": "Apache-2.0"}},
        "tags": [
            {"name": "organisation", "description": "The company, its places and its people."},
            {"name": "standards", "description": "Published editions, and who read them."},
            {"name": "conversations", "description": "What was said, for the archive."},
            {"name": "visits", "description": "Contacts observed on the spot."},
            {"name": "customers", "description": "Customers, their consents and purchases."},
            {"name": "advice", "description": "How personal to be, and by which rules."},
            {"name": "gestures", "description": "Granted, approved and given; codes at the till."},
            {"name": "club", "description": "Members, their cards, levels and gifts."},
            {"name": "recovery", "description": "Failures and complaints, and what became of them."},
            {"name": "results", "description": "Measurements and what they gave."},
        ],
    },
)
problems.handle(api)
api.add_router("", organisation.router, tags=["organisation"])
api.add_router("", places.router, tags=["organisation"])
api.add_router("", people.router, tags=["organisation"])
api.add_router("", standards.router, tags=["standards"])
api.add_router("", conversations.router, tags=["conversations"])
api.add_router("", visits.router, tags=["visits"])
api.add_router("", planned_visits.router, tags=["visits"])
api.add_router("", conversation_reviews.router, tags=["visits"])
api.add_router("", second_reviews.router, tags=["visits"])
api.add_router("", advice.router, tags=["advice"])
api.add_router("", customers.router, tags=["customers"])
api.add_router("", budgets.router, tags=["gestures"])  # before: no gesture is called "statement"
api.add_router("", gestures.router, tags=["gestures"])
api.add_router("", club.router, tags=["club"])
api.add_router("", recovery.router, tags=["recovery"])
api.add_router("", measurement.router, tags=["results"])
api.add_router("", agreement.router, tags=["results"])
