"""Audit log and the small things that every word of the application needs."""

from django.apps import AppConfig


class Common(AppConfig):
    name = "gracja.app.common"
    label = "common"
