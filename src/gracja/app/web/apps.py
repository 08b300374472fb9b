from pathlib import Path
from types import ModuleType

from django.apps import AppConfig
from django.conf import settings

from gracja.app.web.catalog import compile_into
from gracja.app.web.style_sheet import put_together


class Web(AppConfig):
    name = "gracja.app.web"
    label = "web"

    def __init__(self, app_name: str, app_module: ModuleType | None) -> None:
        super().__init__(app_name, app_module)
        # not in ready(): Django reads the catalogs while it loads the models, and never again
        compile_into(Path(settings.LOCALE_PATHS[0]))
        put_together(settings.HOME / "cache" / "style")

    def ready(self) -> None:
        # WhiteNoise warns where nothing was collected yet
        Path(settings.STATIC_ROOT or "").mkdir(parents=True, exist_ok=True)
