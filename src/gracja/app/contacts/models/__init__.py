"""Contacts: conversations, what they are called elsewhere, and the customers in them."""

from gracja.app.contacts.models.conversations import Forgetting, Scoring, Upload, Wanted
from gracja.app.contacts.models.customers import Consent, Customer, CustomerNumber, Purchase
from gracja.app.contacts.models.external_ids import ExternalId

__all__ = [
    "Consent",
    "Customer",
    "CustomerNumber",
    "ExternalId",
    "Forgetting",
    "Purchase",
    "Scoring",
    "Upload",
    "Wanted",
]
