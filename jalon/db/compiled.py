"""Queries compiled once, asked with other values each time.

Django builds a queryset and compiles it to SQL at each use: on a page that asks for a dozen, that costs more
than the database's answers. A function decorated with `compiled` returns a queryset whose values are `param`
(or `uuids`, for a set); its own arguments are what changes the text of the query, never what changes with the
person or the day:

    @compiled
    def _notes(families: frozenset[str]) -> QuerySet[Note]:
        return notes(families).filter(record_id=param("record"))

    _notes(EVERY_FAMILY).all(record=record.pk)

The rows are Django's own: instances, dictionaries or tuples, as the queryset says.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence
from functools import cached_property, lru_cache
from typing import Any, Generic, TypeVar, overload

from django.core.exceptions import EmptyResultSet
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import BooleanField, Expression, F, Func, QuerySet
from django.db.models.sql.compiler import SQLCompiler

Row = TypeVar("Row")
SHAPES = 256  # texts kept for one function: rights and filters make a few dozen


class _Param(Expression):
    """The place of a value, in the SQL and in the list of its parameters."""

    def __init__(self, name: str, template: str = "%s") -> None:
        super().__init__()
        self.name = name
        self.template = template

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        return self.template, (self,)


def param(name: str) -> Any:
    """One value, given by this name when the query is asked."""
    return _Param(name)


def uuids(name: str) -> Any:
    """A set of identifiers for `__in`, given by this name as a list."""
    return _Param(name, "select unnest(%s::uuid[])")


def among(column: str, name: str) -> Any:
    """Whether a column is in a set of identifiers given by this name: beside an OR, where `__in` would have
    the set looked up for each row."""
    asked = _Param(name, "any(%s::uuid[])")
    return Func(F(column), asked, template="%(expressions)s", arg_joiner=" = ", output_field=BooleanField())


def compiled(build: Callable[..., "QuerySet[Any, Row]"]) -> Callable[..., "Compiled[Row]"]:
    """Compile once, for each list of arguments, the queryset that this function returns."""

    @lru_cache(maxsize=SHAPES)
    def made(*shape: Hashable) -> Compiled[Row]:
        return Compiled(build(*shape))

    return made


class Compiled(Generic[Row]):
    """A queryset compiled to SQL."""

    def __init__(self, queryset: "QuerySet[Any, Row]") -> None:
        self._rows: Any = queryset._iterable_class
        self._compiler = _Compiler(queryset.query.chain(), connection, DEFAULT_DB_ALIAS)
        self._compiler.compile_once()

    def all(self, **values: Any) -> list[Row]:
        """The rows for these values, one for each `param` of the query. A missing one raises KeyError."""
        return list(self._iterate(values))

    def first(self, **values: Any) -> Row | None:
        """The first row, or None."""
        return next(iter(self.all(**values)), None)

    def listed(self, **values: Any) -> "Listed[Row]":
        """The rows for these values, of which a slice alone is read."""
        return Listed(self, values)

    def between(self, start: int, stop: int, values: dict[str, Any]) -> list[Row]:
        """The rows of these ranks."""
        asked = self._compiler.asked(values)
        if asked.text is not None:
            text, params = asked.text
            asked.text = f"{text} limit %s offset %s", (*params, stop - start, start)
        return list(self._rows(_Asked(asked)))

    def count(self, **values: Any) -> int:
        """How many rows there are."""
        text, params = self.told(**values)
        with connection.cursor() as cursor:
            cursor.execute(f"select count(*) from ({text}) as counted", params)  # noqa: S608  our own text
            return int(cursor.fetchone()[0])

    def told(self, **values: Any) -> tuple[str, list[Any]]:
        """Its SQL and what is bound to it for these values, to be put inside another question."""
        if self._compiler.text is None:
            raise EmptyResultSet
        text, params = self._compiler.text
        return text, [_bound(one, values) for one in params]

    def _iterate(self, values: dict[str, Any]) -> Iterator[Row]:
        return iter(self._rows(_Asked(self._compiler.asked(values))))


class Listed(Sequence[Row]):
    """Rows of a compiled query, read a slice at a time, and counted when that is asked."""

    def __init__(self, query: Compiled[Row], values: dict[str, Any]) -> None:
        self._query, self._values = query, values

    @cached_property
    def _count(self) -> int:
        return self._query.count(**self._values)

    def __len__(self) -> int:
        return self._count

    @overload
    def __getitem__(self, asked: int) -> Row: ...
    @overload
    def __getitem__(self, asked: slice) -> list[Row]: ...
    def __getitem__(self, asked: Any) -> Any:
        if isinstance(asked, slice):
            stop = len(self) if asked.stop is None else asked.stop
            return self._query.between(asked.start or 0, stop, self._values)
        return self._query.between(asked, asked + 1, self._values)[0]


class _Compiler(SQLCompiler):
    """Django's compiler, whose work is done once and kept."""

    text: tuple[str, tuple[Any, ...]] | None
    values: dict[str, Any]
    converters: dict[int, Any]

    def compile_once(self) -> None:
        try:
            self.text = self.as_sql()
        except EmptyResultSet:
            self.text, self.converters = None, {}
        else:
            fields = [column[0] for column in self.select[: self.col_count]]
            self.converters = super().get_converters(fields)

    def asked(self, values: dict[str, Any]) -> "_Compiler":
        """A copy with these values, for the connection of this thread."""
        mine = _Compiler.__new__(_Compiler)
        mine.__dict__ = vars(self) | {"connection": connection, "values": values}
        return mine

    def get_converters(self, expressions: Any) -> Any:
        return self.converters

    def has_composite_fields(self, expressions: Any) -> bool:
        return False

    def execute_sql(self, *_: Any, **__: Any) -> Any:
        """All the rows at once, as one chunk."""
        if self.text is None:
            return []
        sql, params = self.text
        with self.connection.cursor() as cursor:
            cursor.execute(sql, [_bound(one, self.values) for one in params])
            return [cursor.fetchall()]


def _bound(one: Any, values: dict[str, Any]) -> Any:
    return values[one.name] if isinstance(one, _Param) else one


class _Asked:
    """What Django's iterables read of a queryset, and of its query: the compiler, ready."""

    db = DEFAULT_DB_ALIAS
    _known_related_objects: dict[Any, Any] = {}
    _fields = None

    def __init__(self, compiler: _Compiler) -> None:
        self.compiler = compiler
        self.query = self

    def get_compiler(self, *_: Any, **__: Any) -> _Compiler:
        return self.compiler

    def __getattr__(self, name: str) -> Any:
        return getattr(self.compiler.query, name)
