"""What may be known of a customer and a contact when a gesture is asked about: each fact with its form."""

from __future__ import annotations

from typing import Final, Literal

KINDS: Final = ("gift", "discount", "covered_cost", "personal_contact")
BANDS: Final = ("discreet", "attentive", "personal")
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CHANNELS: Final = ("in_person", "phone", "video", "chat", "message", "email", "letter")
Form = Literal["number", "choice", "flag", "set"]

# _minor: in minor units of the place's currency
FORMS: Final[dict[str, Form]] = {
    "earlier_visits": "number",
    "days_since_last_visit": "number",
    "purchase_minor": "number",
    "purchases_total_minor": "number",
    "customer_value_minor": "number",
    "last_rating_1_5": "number",
    "band": "choice",
    "kind": "choice",
    "weekday": "choice",
    "channel": "choice",
    "place": "choice",
    "after_failure": "flag",
    "club_member": "flag",
    "birthday": "flag",
    "cues": "set",
}
# what a choice can be; of a place, any id
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "band": BANDS,
    "kind": KINDS,
    "weekday": WEEKDAYS,
    "channel": CHANNELS,
}
COMPARISONS: Final[dict[Form, tuple[str, ...]]] = {
    "number": ("at_least", "at_most", "under", "over"),
    "choice": ("one_of", "none_of"),
    "flag": ("is",),
    "set": ("includes", "excludes"),
}
OPPOSITES: Final = {
    "at_least": "under",
    "under": "at_least",
    "at_most": "over",
    "over": "at_most",
    "one_of": "none_of",
    "none_of": "one_of",
    "includes": "excludes",
    "excludes": "includes",
}
