"""Contacts: conversations, what they are called elsewhere, and the customers in them."""

from gracja.app.contacts.models.conversations import Forgetting, Scoring, Upload, Wanted
from gracja.app.contacts.models.customers import Consent, Customer, CustomerNumber, Purchase, Refund
from gracja.app.contacts.models.erased import ErasedMark
from gracja.app.contacts.models.external_ids import ExternalId
from gracja.app.contacts.models.purchases import PurchaseImport, ValueFit

__all__ = [
    "Consent",
    "Customer",
    "CustomerNumber",
    "ErasedMark",
    "ExternalId",
    "Forgetting",
    "Purchase",
    "PurchaseImport",
    "Refund",
    "Scoring",
    "Upload",
    "ValueFit",
    "Wanted",
]
