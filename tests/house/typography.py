"""French typography in the strings of the code: what is wrong, and a command that puts the no-break spaces.

Nobody types one by hand: write with ordinary spaces, then run `python -m tests.house.typography [folder…]`.
"""

import ast
import io
import re
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

from tests.house.source import SPOKEN, calls, name_of, text_of, texts

FRENCH = re.compile(r"[éèêëàâçùûôîïœÉÈÀÇŒ’«»]")
FAULTS = {
    "a straight apostrophe": re.compile(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]"),
    "no no-break space before a high sign": re.compile(r"[^\W\d_][;?!»]|[^\W\d_…]: | [:;?!»]"),
    "no no-break space inside quotes": re.compile(r"«[^\u00a0\u202f…]"),
}
# Where the words are those of somebody else, each with its reason.
QUOTED = {
    "jalon/gateways/mssante/messages.py": "the marks of a subject are those of the operators, to the letter",
    **{
        f"jalon_sandbox/{service}/": "a simulated service speaks as the real one does"
        for service in ("insi", "dmp", "mssante", "psc")
    },
    "jalon_sandbox/demo/names.py": "a name is compared with what INSi writes",
}
SPACES = re.compile(r"(?<=«) | (?=[:;?!»])")


def faults_of(text: str) -> list[str]:
    return [fault for fault, pattern in FAULTS.items() if pattern.search(text)]


def refusals(path: Path) -> Iterator[tuple[int, str]]:
    """(line, message) of each DomainError raised with its words."""
    for name, call in calls(path):
        if name.rpartition(".")[2] == "DomainError" and call.args and (words := text_of(call.args[0])):
            yield call.lineno, words


def french(path: Path) -> Iterator[tuple[int, str]]:
    """(line, text) of the French strings of a module; what others say is not ours to correct."""
    if not name_of(path).startswith(tuple(QUOTED)):
        yield from ((line, words) for line, words in texts(path) if FRENCH.search(words))


def mended(path: Path) -> str:
    """The module with no-break spaces where its French strings need them; documentation stays as it is."""
    lines = path.read_text("utf-8").splitlines(keepends=True)
    wrong = {line for line, words in (*refusals(path), *french(path)) if faults_of(words)}
    spans = [
        range(node.lineno, (node.end_lineno or 0) + 1) for node in _strings(path) if node.lineno in wrong
    ]
    tokens = tokenize.generate_tokens(io.StringIO("".join(lines)).readline)
    for token in tokens:
        number = token.start[0]
        if token.type == tokenize.STRING and any(number in span for span in spans) and token.string[0] != "r":
            row = lines[number - 1]
            begin, end = token.start[1], token.end[1] if token.end[0] == number else len(row)
            lines[number - 1] = row[:begin] + SPACES.sub("\u00a0", row[begin:end]) + row[end:]
    return "".join(lines)


def _strings(path: Path) -> list[ast.expr]:
    tree = ast.parse(path.read_text("utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.Constant | ast.JoinedStr | ast.Call)]


if __name__ == "__main__":
    for module in SPOKEN:
        asked = not sys.argv[1:] or name_of(module).startswith(tuple(sys.argv[1:]))
        if asked and (text := mended(module)) != module.read_text("utf-8"):
            module.write_text(text, "utf-8")
