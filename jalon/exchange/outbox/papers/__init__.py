"""Every type of document, by what it is made from and by its code: each module here declares its PAPER."""

from typing import Any

from django.db.models import Model

from jalon.exchange.outbox.paper import Paper
from jalon.exchange.registry import declared


def papers() -> tuple[Paper[Any], ...]:
    return declared(__name__, "PAPER")


def paper_of(source: Model) -> Paper[Any]:
    """The type of document made from this row."""
    return next(paper for paper in papers() if isinstance(source, paper.source))


def paper_of_type(type_code: str) -> Paper[Any] | None:
    """The type of document of this code, when we write it."""
    return next((paper for paper in papers() if paper.type_code == type_code), None)
