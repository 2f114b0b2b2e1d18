"""The pages as a WSGI application, for the desk's own server."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "scanstraat.records.django_settings")

application = get_wsgi_application()
