"""The look holds together: contrasts, no inline style or script, true icons, no dead rule, known origins."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.template import engines
from jinja2 import Environment, nodes

from tests.support import PROJECT

UI = PROJECT / "jalon/faces/ui"
SHARED = PROJECT / "jalon/faces/templates"
PAGES = sorted((path for path in PROJECT.glob("jalon/**/templates/**/*.html")), key=str)
ALLAUTH = sorted((PROJECT / "jalon/web/allauth_templates").rglob("*.html"))
LINES, WIDTH = 120, 160  # of a template
CHANGED_BY_NAME = ("ton-", "btn--", "av--")  # classes whose end is an argument of a macro
GRID = re.compile(r"[qdjvls]\d+")  # the rows and columns of a week


def named(path: Path) -> str:
    """As the loader knows it: behind the name of its room, when it has one."""
    folder = next((one for one in path.parents if one.name == "templates"), path.parents[1])
    room = folder.parent.name
    name = path.relative_to(folder).as_posix()
    return name if room in ("faces", "web") else f"{room}/{name}"


def test_a_template_is_read_in_one_go() -> None:
    sizes = {named(page): len(page.read_text().splitlines()) for page in (*PAGES, *ALLAUTH)}
    assert {name: size for name, size in sizes.items() if size > LINES} == {}


BLOCK = (
    "address|article|aside|dd|div|dl|dt|fieldset|figure|footer|form|h[1-6]|header|li|main|nav|ol|p|section"
    "|table|tbody|td|th|thead|tr|ul"
)
TWO_BLOCKS = re.compile(rf"<(?:{BLOCK})\b[^\n]*</(?:{BLOCK})>\s*<(?:{BLOCK})\b")


@pytest.mark.parametrize("page", [*PAGES, *ALLAUTH], ids=named)
def test_a_template_has_short_lines_and_one_block_a_line(page: Path) -> None:
    lines = page.read_text("utf-8").splitlines()
    assert [line for line in lines if len(line) > WIDTH] == []
    assert [line for line in lines if TWO_BLOCKS.search(line)] == []


# ── Strict CSP ─────────────────────────────────────────────────────────────────────────────────────────────

INLINE = re.compile(
    r"""\sstyle\s*=|\son[a-z]+\s*=\s*["']|<style|javascript:|hx-on|\bjs:"""
    r"""|<script(?![^>]*\ssrc=)(?![^>]*\stype="application/json")"""  # JSON is data, not code
)


def test_the_pattern_of_inline_code_finds_it() -> None:
    assert all(INLINE.search(bad) for bad in ('<p style="x">', '<a onclick="x()">', "<script>x()</script>"))
    assert not INLINE.search('<script src="app.js" defer></script>')


@pytest.mark.parametrize("page", [*PAGES, *ALLAUTH], ids=named)
def test_no_template_holds_a_style_or_a_script(page: Path) -> None:
    assert INLINE.findall(page.read_text()) == []


def test_htmx_adds_no_style_of_its_own() -> None:
    assert '"includeIndicatorCSS":false' in (SHARED / "layout/head.html").read_text()


# ── Words ──────────────────────────────────────────────────────────────────────────────────────────────────

SPACES = re.compile(r" [?;!:»]|« |\d %(?!\})|\}\} %(?!\})")


@pytest.mark.parametrize("page", [*PAGES, *ALLAUTH], ids=named)
def test_high_signs_follow_a_no_break_space(page: Path) -> None:
    assert [page.read_text()[at.start() - 12 : at.end()] for at in SPACES.finditer(page.read_text())] == []


# ── Contrasts (WCAG 2.x) ───────────────────────────────────────────────────────────────────────────────────

TONES: tuple[str, ...] = ("info", "ok", "alerte", "danger", "neutre", "lagune")
TONES += tuple(f"t-{family}" for family in ("soin", "educ", "vie", "emo", "lien", "evt"))
PAIRS = [
    *((text, ground, 4.5) for text in ("texte", "texte-2")
        for ground in ("fond", "surface", "surface-creux")),
    *(("texte-inverse", ground, 4.5) for ground in ("action", "action-survol")),
    *(("action-texte", ground, 4.5) for ground in ("surface", "action-doux", "action-doux-2")),
    ("pastille-texte", "pastille-fond", 4.5),
    ("repere-texte", "surface", 4.5),
    *((line, ground, 3) for line in ("trait-fort", "focus") for ground in ("surface", "fond")),
    ("repere", "surface", 3),
    *((f"{tone}-texte", f"{tone}-fond", 4.5) for tone in TONES),
    *((f"{tone}-plein", "surface", 3) for tone in TONES),
    *((f"serie-{number}", "surface", 3) for number in (1, 2, 3, 4, 5, "cible")),
]  # fmt: skip


@cache
def tokens(theme: str) -> dict[str, str]:
    """Custom properties of a theme; the night changes some of those of the day."""
    day, _, rest = (UI / "tokens.css").read_text().partition('[data-theme="nuit"]')
    night = rest.partition("}")[0] if theme == "nuit" else ""
    return dict(re.findall(r"--([\w-]+):\s*([^;]+);", f"{day}{night}"))


def color(theme: str, name: str) -> str:
    value = tokens(theme)[name].strip()
    return color(theme, value[6:-1].strip()) if value.startswith("var(") else value


def luminance(hexadecimal: str) -> float:
    channels = [int(hexadecimal[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(theme: str, one: str, other: str) -> float:
    dark, light = sorted(luminance(color(theme, name)) for name in (one, other))
    return (light + 0.05) / (dark + 0.05)


def test_black_on_white_is_the_greatest_contrast() -> None:
    assert luminance("#ffffff") == pytest.approx(1)
    assert luminance("#000000") == 0


@pytest.mark.parametrize("theme", ["jour", "nuit"])
def test_every_pair_of_tokens_can_be_read(theme: str) -> None:
    assert [(one, other) for one, other, least in PAIRS if contrast(theme, one, other) < least] == []


# ── Sheets ─────────────────────────────────────────────────────────────────────────────────────────────────


@cache
def sheets() -> dict[str, str]:
    """Our style sheets without their comments."""
    return {path.stem: re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.S) for path in UI.glob("*.css")}


def test_every_sheet_is_linked_once() -> None:
    linked = re.search(r"for sheet in \(([^)]*)\)", (SHARED / "layout/head.html").read_text())
    assert linked and sorted(re.findall(r"\w+", linked[1])) == sorted(sheets())


def test_only_the_tokens_know_a_color() -> None:
    raw = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(|\bhsl\(")
    assert {
        name: raw.findall(text) for name, text in sheets().items() if name != "tokens" and raw.search(text)
    } == {}


def test_every_token_that_is_used_exists() -> None:
    own = {"f", "c", "b", "p", "av", "matin", "soir"}  # set by a tone, a size, a fold, with a fallback
    used = {name for text in sheets().values() for name in re.findall(r"var\(--([\w-]+)", text)}
    assert used - own - set(tokens("jour")) == set()


def test_every_class_of_the_sheets_is_worn_somewhere() -> None:
    """A rule that nothing wears is dead: the sheets stay what one can know."""
    sources = [*PAGES, *ALLAUTH, *PROJECT.glob("jalon/web/**/*.py"), *PROJECT.glob("jalon/faces/**/*.py")]
    sources += [UI / "app.js", PROJECT / "jalon/formats/cda/render.py"]
    words = set(re.findall(r"[\w-]+", " ".join(path.read_text() for path in sources))) | {"htmx-request"}
    selectors = (re.findall(r"\.([a-zA-Z][\w-]*)(?=[^{};]*\{)", text) for text in sheets().values())
    known = {name for names in selectors for name in names}
    dead = {
        name for name in known - words if not name.startswith(CHANGED_BY_NAME) and not GRID.fullmatch(name)
    }
    assert dead == set()


# ── Components and icons ───────────────────────────────────────────────────────────────────────────────────


@cache
def environment() -> Environment:
    found: Environment = vars(engines["jinja2"])["env"]
    return found


@cache
def parsed(name: str) -> nodes.Template:
    loader = environment().loader
    assert loader
    return environment().parse(loader.get_source(environment(), name)[0])


def called(tree: nodes.Node) -> Iterator[tuple[str, nodes.Call]]:
    """Each call of a component (`ui.badge`) or of `icon`, with its name."""
    for call in tree.find_all(nodes.Call):
        target = call.node
        if (
            isinstance(target, nodes.Getattr)
            and isinstance(target.node, nodes.Name)
            and target.node.name == "ui"
        ):
            yield target.attr, call
        elif isinstance(target, nodes.Name):
            yield target.name, call


def constants(node: nodes.Node | None) -> set[str]:
    """The words an argument may be: a constant, or either side of a condition."""
    if isinstance(node, nodes.CondExpr):
        return constants(node.expr1) | constants(node.expr2)
    return {node.value} if isinstance(node, nodes.Const) and isinstance(node.value, str) else set()


def icon_argument(name: str, call: nodes.Call) -> nodes.Node | None:
    """Where a call says its icon: the first argument of `icon`, `ico` of a component."""
    names = (
        ("name",)
        if name == "icon"
        else getattr(getattr(environment().globals["ui"], name, None), "arguments", ())
    )
    key = "name" if name == "icon" else "ico"
    given = {argument.key: argument.value for argument in call.kwargs}
    if key in given or key not in names:
        return given.get(key)
    place = names.index(key)
    return call.args[place] if place < len(call.args) else None


@cache
def symbols() -> frozenset[str]:
    return frozenset(re.findall(r'<symbol id="([^"]+)"', (UI / "icons.svg").read_text()))


@pytest.mark.parametrize("page", PAGES, ids=named)
def test_every_icon_of_a_template_is_in_the_sprite(page: Path) -> None:
    calls = called(parsed(named(page)))
    wanted = {word for name, call in calls for word in constants(icon_argument(name, call)) if word}
    assert wanted - symbols() == set()


def test_every_icon_that_views_choose_is_in_the_sprite() -> None:
    from jalon.faces.jinja import FAMILY_ICONS
    from jalon.web import registry
    from jalon.web.area import Group
    from jalon.web.areas.plans import views
    from jalon.web.shown import deliveries, person

    chosen = {room.icon for _, room in registry.rooms()} | {group.icon for group in Group} | {"lock"}
    chosen |= {command.icon for area in registry.areas() for command in area.commands}
    chosen |= set(FAMILY_ICONS.values())
    chosen |= {look[1] for look in (*person.VIGILANCE_ICONS.values(), *deliveries.LOOKS.values())}
    chosen |= {column[3] for column in views.COLUMNS}
    assert chosen - symbols() == set()


def shown_by(name: str) -> set[str]:
    """Components that a template calls, itself or through what it includes."""
    tree = parsed(name)
    parts = {word for include in tree.find_all(nodes.Include) for word in constants(include.template)}
    return {call for call, _ in called(tree)}.union(*(shown_by(part) for part in parts))


def test_every_component_is_shown_on_the_page_of_components() -> None:
    assert set(vars(environment().globals["ui"])) - shown_by("components/index.html") == set()


def test_every_component_says_its_contract() -> None:
    for path in (SHARED / "ui.html", *SHARED.glob("ui/*.html")):
        text = path.read_text()
        public = re.findall(r"\{% macro ([a-z]\w*)\(", text)
        assert [
            name for name in public if not re.search(rf"\{{# {name}: [^#]+ #\}}\n\{{% macro {name}\(", text)
        ] == []


# ── What is not ours ───────────────────────────────────────────────────────────────────────────────────────


def notice() -> dict[str, str]:
    rows = re.findall(r"sha256 ([0-9a-f]{64})  (\S+)", (PROJECT / "NOTICE").read_text())
    return {path: digest for digest, path in rows}


def test_what_others_made_is_what_the_notice_says() -> None:
    known = notice()
    actual = {path: hashlib.sha256((PROJECT / path).read_bytes()).hexdigest() for path in known}
    assert known and actual == known


def test_nothing_of_others_is_kept_without_its_origin() -> None:
    vendored = [UI / "htmx.min.js", UI / "icons.svg"]
    vendored += [*(UI / "fonts").iterdir(), *(PROJECT / "jalon/formats/typst/fonts").iterdir()]
    assert {path.relative_to(PROJECT).as_posix() for path in vendored} == set(notice())
