from django.apps import AppConfig


class Standards(AppConfig):
    name = "gracja.app.standards"
    label = "standards"
