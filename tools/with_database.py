"""A management command on a throw-away server: `python -m tools.with_database makemigrations --check`."""

import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")

import django  # noqa: E402  the settings are named first
from django.core.management import call_command  # noqa: E402  the same

from tests.server import close  # noqa: E402  the same


def main() -> None:
    """Run the command named by the arguments, then stop the server."""
    try:
        django.setup()
        call_command(*sys.argv[1:])
    finally:
        close()


if __name__ == "__main__":
    main()
