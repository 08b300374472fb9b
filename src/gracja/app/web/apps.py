from django.apps import AppConfig


class Web(AppConfig):
    name = "gracja.app.web"
    label = "web"
