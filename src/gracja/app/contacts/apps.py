from django.apps import AppConfig


class Contacts(AppConfig):
    name = "gracja.app.contacts"
    label = "contacts"
