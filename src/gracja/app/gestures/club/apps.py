from django.apps import AppConfig


class Club(AppConfig):
    name = "gracja.app.gestures.club"
    label = "club"
