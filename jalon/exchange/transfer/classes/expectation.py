"""Expectations."""

from dataclasses import replace
from typing import Any

from jalon.exchange.transfer.bind import first_note, note, words
from jalon.exchange.transfer.native import aimed_at, plan_of
from jalon.exchange.transfer.table import Table
from jalon.formats.tddui.classes.expectation import KIND, ExpectationData
from jalon.formats.tddui.values import Link, Note
from jalon.plans.models import Expectation


def expectation(row: Any, owner: Link) -> ExpectationData:
    """An expectation."""
    return ExpectationData(key=row.key, person=owner, plan=plan_of(row))


def _with_origin(data: ExpectationData) -> ExpectationData:
    return data if data.origin else replace(data, origin=Note(text="La personne"))


TABLE = Table(
    kind=KIND,
    model=Expectation,
    owner="plan",
    binds=(
        note("origin", "origin"),
        words("description", "description"),
        first_note("comment", "comments"),
    ),
    make=expectation,
    named=aimed_at,
    fill=_with_origin,
)
