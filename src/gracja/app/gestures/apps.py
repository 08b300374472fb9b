from django.apps import AppConfig


class Gestures(AppConfig):
    name = "gracja.app.gestures"
    label = "gestures"
