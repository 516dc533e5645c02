"""The application as the server asks for it (ASGI): bodies are awaited without a thread, pages made in a few.

The URLs are read at once: what an area declares wrong is refused at start.
"""

import os

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.urls import get_resolver

from jalon.core.memory import settle
from jalon.faces.server import Threads

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "jalon.config.settings")
application = Threads(get_wsgi_application(), largest=settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
get_resolver().check()
settle()
