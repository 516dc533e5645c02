"""Needs."""

from typing import Any

from jalon.exchange.transfer.bind import Codes, first_coded, first_note, first_words, words
from jalon.exchange.transfer.native import plan_of
from jalon.exchange.transfer.table import Table
from jalon.formats.tddui.classes.need import KIND, NeedData
from jalon.formats.tddui.urls import SERAFIN
from jalon.formats.tddui.values import Link
from jalon.plans.models import Need


def need(row: Any, owner: Link) -> NeedData:
    """A need."""
    return NeedData(key=row.key, person=owner, plan=plan_of(row))


TABLE = Table(
    kind=KIND,
    model=Need,
    owner="plan",
    binds=(
        first_coded("category", "categories", Codes(SERAFIN, ("JDV_J285",))),
        words("description", "description"),
        first_words("analysis", "analyses"),
        first_note("comment", "comments"),
    ),
    make=need,
)
