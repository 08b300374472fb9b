from django.apps import AppConfig


class Calls(AppConfig):
    name = "gracja.app.gestures.calls"
    label = "calls"
