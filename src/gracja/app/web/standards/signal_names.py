"""Signals as people read them."""

from __future__ import annotations

from typing import Final

from django.utils.translation import pgettext, pgettext_lazy

# An id is an English name without spaces. Those of the bundled editions stand here to be translated.
KNOWN: Final = frozenset(
    (
        pgettext_lazy("what happens in a conversation", "asks about other person"),
        pgettext_lazy("what happens in a conversation", "asks advice"),
        pgettext_lazy("what happens in a conversation", "asks documents"),
        pgettext_lazy("what happens in a conversation", "asks earlier"),
        pgettext_lazy("what happens in a conversation", "asks fee"),
        pgettext_lazy("what happens in a conversation", "asks for another way"),
        pgettext_lazy("what happens in a conversation", "asks for data"),
        pgettext_lazy("what happens in a conversation", "asks for person"),
        pgettext_lazy("what happens in a conversation", "asks for prescription"),
        pgettext_lazy("what happens in a conversation", "asks for record"),
        pgettext_lazy("what happens in a conversation", "asks for visit"),
        pgettext_lazy("what happens in a conversation", "asks price"),
        pgettext_lazy("what happens in a conversation", "asks refund"),
        pgettext_lazy("what happens in a conversation", "asks time of case"),
        pgettext_lazy("what happens in a conversation", "asks to wait"),
        pgettext_lazy("what happens in a conversation", "books table"),
        pgettext_lazy("what happens in a conversation", "car ready"),
        pgettext_lazy("what happens in a conversation", "charges"),
        pgettext_lazy("what happens in a conversation", "cites law"),
        pgettext_lazy("what happens in a conversation", "comes with child"),
        pgettext_lazy("what happens in a conversation", "comes with wheelchair"),
        pgettext_lazy("what happens in a conversation", "complains"),
        pgettext_lazy("what happens in a conversation", "customer has written"),
        pgettext_lazy("what happens in a conversation", "danger found"),
        pgettext_lazy("what happens in a conversation", "declines offer"),
        pgettext_lazy("what happens in a conversation", "describes fault"),
        pgettext_lazy("what happens in a conversation", "does not understand"),
        pgettext_lazy("what happens in a conversation", "elsewhere"),
        pgettext_lazy("what happens in a conversation", "form comes up"),
        pgettext_lazy("what happens in a conversation", "fully booked"),
        pgettext_lazy("what happens in a conversation", "gave name"),
        pgettext_lazy("what happens in a conversation", "grants refund"),
        pgettext_lazy("what happens in a conversation", "has history"),
        pgettext_lazy("what happens in a conversation", "hurried"),
        pgettext_lazy("what happens in a conversation", "in stock"),
        pgettext_lazy("what happens in a conversation", "large group"),
        pgettext_lazy("what happens in a conversation", "leaves car"),
        pgettext_lazy("what happens in a conversation", "leaves me alone"),
        pgettext_lazy("what happens in a conversation", "mentions allergy"),
        pgettext_lazy("what happens in a conversation", "names amount"),
        pgettext_lazy("what happens in a conversation", "opens account"),
        pgettext_lazy("what happens in a conversation", "orders"),
        pgettext_lazy("what happens in a conversation", "out of stock"),
        pgettext_lazy("what happens in a conversation", "prescribes"),
        pgettext_lazy("what happens in a conversation", "promises to return"),
        pgettext_lazy("what happens in a conversation", "reads back"),
        pgettext_lazy("what happens in a conversation", "reads out record"),
        pgettext_lazy("what happens in a conversation", "refuses"),
        pgettext_lazy("what happens in a conversation", "remote visit"),
        pgettext_lazy("what happens in a conversation", "returns goods"),
        pgettext_lazy("what happens in a conversation", "says delay"),
        pgettext_lazy("what happens in a conversation", "several faults"),
        pgettext_lazy("what happens in a conversation", "shows picture"),
        pgettext_lazy("what happens in a conversation", "special occasion"),
        pgettext_lazy("what happens in a conversation", "system acts"),
        pgettext_lazy("what happens in a conversation", "visit booked"),
        pgettext_lazy("what happens in a conversation", "wants colour"),
        pgettext_lazy("what happens in a conversation", "wants menu answer"),
        pgettext_lazy("what happens in a conversation", "wants peace"),
        pgettext_lazy("what happens in a conversation", "wants time"),
        pgettext_lazy("what happens in a conversation", "wants visit"),
        pgettext_lazy("what happens in a conversation", "warning symptoms"),
        pgettext_lazy("what happens in a conversation", "we contacted"),
        pgettext_lazy("what happens in a conversation", "work delayed"),
        pgettext_lazy("what happens in a conversation", "work starts"),
    )
)


def signal_name(signal: str) -> str:
    """The name in the reader's language where it is known; else the id with its spaces."""
    return pgettext("what happens in a conversation", signal.replace("_", " "))
