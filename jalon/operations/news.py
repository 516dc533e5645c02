"""What changed, by area, as `CHANGELOG.md` tells it: it comes with the software."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

CHANGELOG: Final = Path(__file__).with_name("CHANGELOG.md")


@dataclass(frozen=True)
class Release:
    """A version, and its lines by area."""

    version: str
    areas: dict[str, list[str]]


def releases(text: str) -> list[Release]:
    """Each version of a changelog, latest first: `## version`, `### area`, `- line`."""
    found: list[Release] = []
    for line in text.splitlines():
        if line.startswith("## "):
            found.append(Release(re.split(r"\s", line[3:], maxsplit=1)[0], {}))
        elif line.startswith("### ") and found:
            found[-1].areas[line[4:].strip()] = []
        elif line.startswith("- ") and found and found[-1].areas:
            list(found[-1].areas.values())[-1].append(line[2:])
    return found


def told(release: Release) -> list[str]:
    """One version, for a terminal."""
    areas = ((area, lines) for area, lines in release.areas.items() if lines)
    words = [line for area, lines in areas for line in ("", area, *(f"  - {one}" for one in lines))]
    return [f"Version {release.version}", *words]


def latest() -> Release:
    """What this version of the software changed."""
    return releases(CHANGELOG.read_text("utf-8"))[0]
