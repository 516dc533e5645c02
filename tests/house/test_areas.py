"""What the screens hold is declared, used and documented: permissions, words, templates, the guide."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jalon.staff.rules import ContentClass, Permission, reading
from jalon.web.areas.accesses.views import COMMANDS
from jalon.web.registry import areas
from tests.house.source import calls, name_of, nodes, python_files
from tests.house.test_design import PAGES, environment, named, parsed
from tests.support import PROJECT
from tools import rooms

# Permissions that no page asks for by name, and why.
EXEMPT = {Permission.CORRECT_INDICATORS: "a closed month is corrected by command, with its reason"}
EXEMPT |= {
    reading(content): "asked of each note and document that a page shows, by its class"
    for content in ContentClass
    if content != ContentClass.DAILY  # the page of vigilances
}


def test_every_permission_is_declared_by_an_area_or_exempt_with_its_reason() -> None:
    declared = {permission for area in areas() for permission in area.permissions}
    assert declared | EXEMPT.keys() == set(Permission)
    assert not declared & EXEMPT.keys()


def code_of(area: str) -> str:
    """The code of an area but its declaration, with what it shows of others."""
    files = (*python_files(f"jalon/web/areas/{area}"), *python_files("jalon/web/shown"))
    return "\n".join(path.read_text("utf-8") for path in files)


def test_an_area_declares_no_permission_that_its_pages_do_not_ask_for() -> None:
    idle = {
        (area.name, permission.name)
        for area in areas()
        for permission in area.permissions
        if code_of(area.name).count(f"Permission.{permission.name}") < 2
    }
    assert idle == set()


SHOWN = 3  # who, the command, the records


def traced_commands() -> Iterator[str]:
    """What the commands write as the page of a trace."""
    for path in python_files("jalon/commands"):
        for name, call in calls(path):
            if name.rpartition(".")[2] == "at_record":
                given = next(argument.value for argument in call.keywords if argument.arg == "command")
                assert isinstance(given, ast.Constant), name_of(path)
                yield str(given.value)
            elif name.rpartition(".")[2] == "shown" and len(call.args) == SHOWN:
                assert isinstance(call.args[1], ast.Constant), name_of(path)
                yield str(call.args[1].value)


def test_every_command_that_opens_a_record_has_its_words_on_the_page_of_accesses() -> None:
    assert set(traced_commands()) == COMMANDS.keys()


def used() -> set[str]:
    """Every template named by another, or by the code."""
    from jinja2 import meta

    by_templates = {
        name for page in PAGES for name in meta.find_referenced_templates(parsed(named(page))) if name
    }
    code = [*python_files("jalon/web"), *python_files("jalon/faces")]
    by_code = {name for path in code for name in re.findall(r'"([\w/]+\.html)"', path.read_text("utf-8"))}
    return by_templates | by_code


def test_every_template_is_used() -> None:
    assert environment()
    errors = {
        f"errors/{name}.html" for name in ("400", "403", "404", "429", "expired")
    }  # named by their number
    assert {named(page) for page in PAGES} - used() - errors == set()


def test_an_area_shows_its_own_templates_and_those_that_all_share() -> None:
    """The page of components shows all; what two areas show is in `shown`."""
    names = {area.name for area in areas()}
    strange = {
        (named(page), other)
        for page in PAGES
        if (room := named(page).partition("/")[0]) in names - {"components"}
        for other in re.findall(r'\{% (?:include|extends|import) "([^"]+)"', page.read_text("utf-8"))
        if other.partition("/")[0] in names - {room}
    }
    assert strange == set()


def test_the_guide_holds_every_room_tab_permission_and_address() -> None:
    written = Path(PROJECT / "docs/guide/pieces.md").read_text("utf-8")
    assert written == rooms.page(), "python -m tools.rooms writes it again"


def test_no_page_gives_a_name_that_the_shell_gives() -> None:
    """What the shell gives wins: a page that uses its name would print the shell's value, and lie."""
    module = nodes(PROJECT / "jalon/web/context.py")
    given_to_all = [
        one for one in module if isinstance(one, ast.FunctionDef) and one.name in ("shell", "_frame")
    ]
    shell = {text for function in given_to_all for node in ast.walk(function) for text in keys(node)}
    assert {"nav", "plus", "word"} <= shell
    given = {
        (path.parent.name, text)
        for path in python_files("jalon/web/areas")
        if path.name != "area.py"
        for node in nodes(path)
        for text in keys(node)
        if text in shell
    }
    assert given == set()


def keys(node: ast.AST) -> Iterator[str]:
    """The names a dictionary written in the code gives."""
    for key in node.keys if isinstance(node, ast.Dict) else ():
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            yield key.value
