"""What gunicorn serves."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gracja.app.settings")
# Under another server than `gracja serve`, which says itself who can reach it: take it that everybody can
os.environ.setdefault("GRACJA_SETUP_CODE", "1")
application = get_wsgi_application()
