"""Another hand on the database than the application's."""

from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.db import connection


def connect(user: str) -> psycopg.Connection[Any]:
    settings = connection.settings_dict
    where = {"host": settings["HOST"] or settings["OPTIONS"].get("host"), "port": settings["PORT"]}
    return psycopg.connect(
        user=user,
        dbname=settings["NAME"],
        autocommit=True,
        **{key: value for key, value in where.items() if value},
    )


@pytest.fixture
def owner(db: None) -> Iterator[psycopg.Connection[Any]]:
    """The role that owns the tables: no right stops it. Only the chain can tell."""
    with connect("jalon_owner") as hand:
        yield hand


@pytest.fixture
def colleague(db: None) -> Iterator[psycopg.Connection[Any]]:
    """Another connection of the application."""
    with connect("jalon_app") as hand:
        yield hand
