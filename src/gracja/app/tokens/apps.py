from django.apps import AppConfig


class Tokens(AppConfig):
    name = "gracja.app.tokens"
    label = "tokens"
