"""As many TDDUI files as wanted, each of somebody else: copies of a few, under names of their own."""

import datetime as dt
import re
from collections.abc import Iterator, Sequence

import orjson

from jalon.core.identifiers import ins_key

NIR = re.compile(rb'"[12]\d{14}"')
DAYS = 20_000
"""Over how many days the births of copies are spread: as they are in a large house."""


def copies(files: Sequence[bytes], count: int) -> Iterator[bytes]:
    """`count` distinct people, drawn from these files in turn; what several files share stays shared."""
    for number in range(count):
        yield copied(files[number % len(files)], number)


def copied(file: bytes, number: int) -> bytes:
    """The record of somebody else: local identifier, matricule, names and birth are those of `number`."""
    patient = next(
        each["resource"]
        for each in orjson.loads(file)["entry"]
        if each["resource"]["resourceType"] == "Patient"
    )
    local = next(each["value"] for each in patient["identifier"] if each["value"].startswith("3"))
    changes = {local: f"{local}c{number}", patient["birthDate"]: _birth(number)}
    for name in patient["name"]:
        if family := name.get("family"):
            changes[f'"family":"{family}"'] = f'"family":"{family} {_letters(number)}"'
    for old, new in changes.items():
        file = file.replace(old.encode(), new.encode())
    return NIR.sub(_matricule(number), file)


def _birth(number: int) -> str:
    return (dt.date(1950, 1, 1) + dt.timedelta(days=number * 7919 % DAYS)).isoformat()


def _letters(number: int) -> str:
    return "".join(chr(ord("A") + int(digit)) for digit in str(number))


def _matricule(number: int) -> bytes:
    """With a true key; of nobody: the country is 999, the order number the copy's."""
    body = f"2{number // 100_000 % 100:02}05{99000 + number // 1000 % 1000:05}{number % 1000:03}"
    return f'"{body}{ins_key(body)}"'.encode()
