"""Only the writers of states write them: whatever changes one goes by its table and leaves its step."""

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import dotted, name_of, nodes, python_files

WRITERS = {f"jalon/exchange/{part}/state.py" for part in ("outbox", "inbox", "identity")}
SIGN_IN = {"jalon/web/account/psc.py"}  # the library's own word, for where a sign-in leads
WRITES = {"create", "update", "get_or_create", "update_or_create", "Delivery", "Reception", "InsLookUp"}


def writes_of_state(path: Path) -> Iterator[str]:
    """Each place that gives a `state` to a row: an assignment, or an argument of what writes."""
    for node in nodes(path):
        if isinstance(node, ast.Assign | ast.AugAssign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            named = [one for target in targets for one in ast.walk(target) if isinstance(one, ast.Attribute)]
            yield from (f"{dotted(one)} (l. {one.lineno})" for one in named if one.attr == "state")
        elif isinstance(node, ast.Call) and dotted(node.func).rpartition(".")[2] in WRITES:
            yield from (f"state= (l. {one.value.lineno})" for one in ast.walk(node) if _gives_state(one))


def _gives_state(node: ast.AST) -> bool:
    if isinstance(node, ast.keyword):
        return node.arg == "state"
    return False


def test_a_state_written_elsewhere_would_be_found(tmp_path: Path) -> None:
    module = tmp_path / "sending.py"
    module.write_text(
        "delivery.state, delivery.code = 'sent', ''\n"
        "Delivery.objects.filter(pk=1).update(state='sent')\n"
        "Reception.objects.get_or_create(pk=1, defaults=dict(state='filed'))\n"
        "Delivery.objects.filter(state='sent')\n",
        "utf-8",
    )
    assert [one.rpartition(" ")[2] for one in writes_of_state(module)] == ["1)", "2)", "3)"]


def test_only_their_writers_change_the_state_of_a_delivery_or_of_a_message() -> None:
    exchange = [*python_files("jalon/exchange"), *python_files("jalon/web"), *python_files("jalon/commands")]
    found = {name_of(path): list(writes_of_state(path)) for path in exchange}
    assert {name for name, places in found.items() if places} == WRITERS | SIGN_IN
