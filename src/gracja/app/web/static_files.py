"""Static files as `gracja serve` gathers them: a name with a digest for each, so that browsers keep them."""

from __future__ import annotations

from typing import Final

from whitenoise.storage import CompressedManifestStaticFilesStorage

# Of the packages' files, what no page asks for.
LEFT_OUT: Final = ("ext", "htmax*", "htmx-2*", "htmx-4.js", "django-htmx.js", "*.map")


class Collected(CompressedManifestStaticFilesStorage):  # type: ignore[misc]  # WhiteNoise has no types
    """Names inside ES modules get their digest, too: a module and what it imports change together."""

    support_js_module_import_aggregation = True
