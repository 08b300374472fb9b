from django.apps import AppConfig


class Recovery(AppConfig):
    name = "gracja.app.gestures.recovery"
    label = "recovery"
