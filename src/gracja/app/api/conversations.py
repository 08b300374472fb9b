"""Conversations for the archive."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ninja import Field, Router, Schema

from gracja.app.api.callers import Called
from gracja.app.api.operations import writes
from gracja.app.api.shapes import Given, Moment, Uid
from gracja.app.contacts.services.receiving import AT_ONCE, receive_conversations
from gracja.app.contacts.services.scoring import score_conversations

if TYPE_CHECKING:
    from gracja.app.contacts.models import Scoring

router = Router()


class ConversationsGiven(Given):
    """Conversations in the form of a line of JSONL, as the manual shows it."""

    conversations: list[dict[str, Any]] = Field(
        min_length=1,
        max_length=AT_ONCE,
        description="Each with `contact`, `channel` and `turns` (`speaker`: agent, customer, bot or system; "
        "`text`); and, where known, `employee`, `customer`, `place`, `language`, `started_at`, `complete`.",
        examples=[
            [
                {
                    "contact": "c1",
                    "employee": "Darek",
                    "channel": "chat",
                    "language": "pl",
                    "turns": [
                        {"speaker": "customer", "text": "Dzień dobry, farba nie chwyciła"},
                        {"speaker": "agent", "text": "Przepraszam Panią. Poprawimy to jutro."},
                    ],
                }
            ]
        ],
    )


class ReceivedOut(Schema):
    """What became of them."""

    new: int
    known: int = Field(description="They were there word for word.")
    changed: int = Field(description="They are there with other words, and stay as they were.")


class ScoringOut(Schema):
    """The archive being marked with an edition, in the background."""

    uid: Uid
    edition: str = Field(description="Such as `salon@3`.")
    state: str = Field(description="queued, running, done or failed.")
    share_done: float = Field(description="0 to 1.")
    asked_at: Moment

    @staticmethod
    def resolve_edition(scoring: Scoring) -> str:
        return scoring.edition.name


class ScoringAsked(Given):
    """With which edition."""

    edition: Uid = Field(description="The `uid` of a published edition.")


@writes(router, "POST", "/conversations", scope="conversation.import", response={201: ReceivedOut})
def add_conversations(request: Called, given: ConversationsGiven) -> Any:
    """Put conversations into the archive, all or none. Each contact is there once: again is harmless."""
    return receive_conversations(by=request.auth, records=given.conversations)


@writes(router, "POST", "/scorings", scope="conversation.import", response={202: ScoringOut})
def start_scoring(request: Called, given: ScoringAsked) -> Any:
    """Mark all archived conversations with an edition, in the background. What it marked already stays."""
    return score_conversations(by=request.auth, edition_uid=given.edition)
