from pathlib import Path

from django.apps import AppConfig
from django.conf import settings


class Web(AppConfig):
    name = "gracja.app.web"
    label = "web"

    def ready(self) -> None:
        # WhiteNoise warns where nothing was collected yet
        Path(settings.STATIC_ROOT or "").mkdir(parents=True, exist_ok=True)
