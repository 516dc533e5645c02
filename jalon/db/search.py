"""Looking for words in names, whatever accents and capitals: PostgreSQL's own `unaccent` folds them."""

from typing import TypeVar

from django.db.models import Model, Q, QuerySet

from jalon.core.names import fold

Row = TypeVar("Row", bound=Model)


def named(rows: "QuerySet[Row]", words: str, *columns: str) -> "QuerySet[Row]":
    """Rows where each word is in one of the columns."""
    for word in fold(words).split():
        rows = rows.filter(
            Q(*((f"{column}__unaccent__icontains", word) for column in columns), _connector=Q.OR)
        )
    return rows
