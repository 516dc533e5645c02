"""No file imports itself, however long the way: late imports and those for types count like the others."""

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.house.source import imports, python_files
from tests.support import PROJECT


def module_of(path: Path, root: Path) -> str:
    parts = path.relative_to(root).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def graph(paths: Iterable[Path], root: Path) -> dict[str, set[str]]:
    """Module → the modules it imports, among these files."""
    known = {module_of(path, root): path for path in paths}
    return {
        name: {target for said in imports(path) if (target := _named(said, known)) and target != name}
        for name, path in known.items()
    }


def _named(said: str, known: Mapping[str, Path]) -> str | None:
    """The module that an imported name is, or is of."""
    return next((name for name in (said, said.rpartition(".")[0]) if name in known), None)


def circles(found: dict[str, set[str]]) -> list[set[str]]:
    """Each circle of the graph, opened once found, to find the next."""
    left, seen = {name: set(targets) for name, targets in found.items()}, []
    while True:
        try:
            TopologicalSorter(left).prepare()
        except CycleError as error:
            ring: list[str] = error.args[1]
            seen.append(set(ring))
            left[ring[1]].discard(ring[0])
        else:
            return seen


def test_no_file_of_the_product_imports_itself() -> None:
    assert circles(graph((*python_files("jalon"), *python_files("jalon_sandbox")), PROJECT)) == []


@pytest.mark.parametrize(
    "late", ["    from jalon.b import there", "    import jalon.b", "    from jalon import b"], ids=str
)
def test_a_circle_hidden_in_a_function_would_be_found(tmp_path: Path, late: str) -> None:
    (tmp_path / "jalon").mkdir()
    (tmp_path / "jalon/a.py").write_text(f"def here():\n{late}\n", "utf-8")
    (tmp_path / "jalon/b.py").write_text("from jalon.c import there\n", "utf-8")
    (tmp_path / "jalon/c.py").write_text("from jalon.a import here\n", "utf-8")
    assert circles(graph(sorted(tmp_path.rglob("*.py")), tmp_path)) == [{"jalon.a", "jalon.b", "jalon.c"}]
