"""The WSGI application. The URLs are read at once: what an area declares wrong is refused at start."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
application = get_wsgi_application()
get_resolver().check()
