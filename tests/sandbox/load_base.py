"""The generator on the base of the tests: a superuser's connection to it, as `jalon load` has."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from django.db import connection

from jalon.organizations.models import ManagingBody
from jalon_sandbox.embedded_postgres import SUPERUSER
from jalon_sandbox.load.filling import Loaded, fill
from jalon_sandbox.load.volume import Shape


@contextmanager
def superuser() -> Iterator[psycopg.Connection[Any]]:
    """A connection of the superuser to the very database of the test."""
    told = connection.get_connection_params()
    asked = {name: told[name] for name in ("host", "port", "dbname")}
    with psycopg.connect(**asked, user=SUPERUSER, autocommit=True) as opened:
        yield opened


def managing_body() -> uuid.UUID:
    """The fictional body that is filled."""
    return ManagingBody.objects.create(name="Association Les Jalons", finess="990000002").pk


def filled(shape: Shape, people: int, bodies: int = 1) -> Loaded:
    """Up to so many people, in silence."""
    with superuser() as opened:
        return fill(opened, shape, people=people, bodies=bodies, say=lambda _: None)
