from django.apps import AppConfig


class Organisation(AppConfig):
    name = "gracja.app.organisation"
    label = "organisation"
