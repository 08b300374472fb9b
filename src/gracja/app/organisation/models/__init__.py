"""The company: its places, its people, what each may do, who served when, and what staff were told."""

from gracja.app.organisation.models.accounts import Invitation, User, UserManager
from gracja.app.organisation.models.company import LANGUAGES, Company
from gracja.app.organisation.models.files import ImportFile
from gracja.app.organisation.models.notices import NoticeRead, StaffNotice
from gracja.app.organisation.models.people import Folded, Person
from gracja.app.organisation.models.places import Place
from gracja.app.organisation.models.roles import Membership, Role
from gracja.app.organisation.models.roster import Shift
from gracja.app.organisation.models.teams import Team

__all__ = [
    "LANGUAGES",
    "Company",
    "Folded",
    "ImportFile",
    "Invitation",
    "Membership",
    "NoticeRead",
    "Person",
    "Place",
    "Role",
    "Shift",
    "StaffNotice",
    "Team",
    "User",
    "UserManager",
]
