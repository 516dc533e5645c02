"""Settings for the type checker alone: those of the tests, without their server."""

import os

os.environ.setdefault("JALON_MODE", "test")

from jalon.config.settings import *  # noqa: E402, F403  the mode comes first
