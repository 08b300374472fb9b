from django.apps import AppConfig


class Observations(AppConfig):
    name = "gracja.app.observations"
    label = "observations"
