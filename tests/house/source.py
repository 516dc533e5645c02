"""The code of the project as its house tests read it: files, syntax trees, what each imports and calls."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from tests.support import PROJECT

DOMAIN = (
    "agenda", "audit", "care", "db", "documents", "indicators", "organizations", "people", "plans", "records",
    "staff",
)  # fmt: skip


@cache
def python_files(folder: str) -> tuple[Path, ...]:
    """Every module under a folder of the project, migrations apart (they are written by a tool)."""
    found = (PROJECT / folder).rglob("*.py")
    return tuple(sorted(path for path in found if "migrations" not in path.parts))


SPOKEN = (*python_files("jalon"), *python_files("jalon_sandbox"))
"""What may speak to a user: the product and its sandbox."""
CODE = (*SPOKEN, *python_files("tools"))
"""What is written to run, tests apart."""


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


def name_of(path: Path) -> str:
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else path.as_posix()


@cache
def nodes(path: Path) -> tuple[ast.AST, ...]:
    return tuple(ast.walk(tree(path)))


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Full dotted names of what a module imports, wherever in it: `from a import b` gives `a.b`."""
    return tuple(_imports(path))


def _imports(path: Path) -> Iterator[str]:
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level
            yield from (f"{dots}{node.module or ''}.{alias.name}" for alias in node.names)


def imported(path: Path, *roots: str) -> list[str]:
    """What a module imports of these packages."""
    return [name for name in imports(path) if any(f"{name}.".startswith(f"{root}.") for root in roots)]


def calls(path: Path) -> Iterator[tuple[str, ast.Call]]:
    """Each call of a module with the dotted name it is written with (`timezone.now`)."""
    for node in nodes(path):
        if isinstance(node, ast.Call):
            yield dotted(node.func), node


def dotted(node: ast.expr) -> str:
    """`a.b.c` as it is written; a part that is no name reads `()`."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "()"


def docstrings(module: ast.Module) -> set[int]:
    """Identities of the nodes that are documentation, not text of the product."""
    bodies = (node.body for node in ast.walk(module) if hasattr(node, "body") and isinstance(node.body, list))
    first = (body[0] for body in bodies if body)
    return {id(node.value) for node in first if isinstance(node, ast.Expr)}


def texts(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of each string that is not documentation; an f-string reads with `…` for its values."""
    module = tree(path)
    known = docstrings(module)
    for node in ast.walk(module):
        if isinstance(node, ast.JoinedStr):
            known |= {id(part) for part in ast.walk(node) if isinstance(part, ast.Constant)}
            yield node.lineno, _joined(node)
    for node in ast.walk(module):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in known:
            yield node.lineno, node.value


def text_of(node: ast.expr) -> str | None:
    """The words of a string of the code, None for anything else."""
    if isinstance(node, ast.JoinedStr):
        return _joined(node)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _joined(node: ast.JoinedStr) -> str:
    parts = (part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    return "".join(str(part) for part in parts)
