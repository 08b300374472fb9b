from django.apps import AppConfig


class Measurement(AppConfig):
    name = "gracja.app.measurement"
    label = "measurement"
