from django.apps import AppConfig


class ServiceMode(AppConfig):
    name = "gracja.app.service_mode"
    label = "service_mode"
