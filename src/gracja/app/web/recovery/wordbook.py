"""What the codes of cases are called."""

from __future__ import annotations

from typing import Final

from django.utils.translation import gettext_lazy as _

KINDS: Final = {"complaint": _("Complaint"), "failure": _("Failure")}
KINDS_CHOSEN: Final = (
    ("complaint", _("The customer complains")),
    ("failure", _("We noticed it ourselves")),
)
STATES: Final = {
    "open": _("nothing promised yet"),
    "promised": _("promised"),
    "done": _("put right"),
    "refused": _("refused"),
}
SHOWN: Final = {
    "waiting": _("Those that wait"),
    "overdue": _("Overdue"),
    "not_told": _("Customer not told yet"),
    "closed": _("Settled"),
    "all": _("All"),
}
TOLD: Final = {
    "yes": _("Yes"),
    "not_yet": _("Not yet"),
    "impossible": _("It is not possible"),
}
STEPS: Final = {
    "noted": _("Noted"),
    "owner": _("Given to somebody"),
    "promised": _("Promised"),
    "done": _("Put right"),
    "refused": _("Refused"),
    "told": _("Customer told"),
}
