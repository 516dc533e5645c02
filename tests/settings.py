"""Settings of the tests: those of the product, in test mode, on a server of our own."""

import os

os.environ["JALON_MODE"] = "test"

from tests.server import ensure  # noqa: E402  the mode comes first

ensure()

from jalon.config.settings import *  # noqa: E402, F403  after the server's address is known

PASSWORD_HASHERS = ["tests.hashing.QuickArgon2"]
