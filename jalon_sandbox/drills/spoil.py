"""Ways to spoil a file: what a line, a disk or a hurried programmer does to it."""

import random


def spoil(sound: bytes, chance: random.Random) -> bytes:
    """Some bytes changed, taken away, repeated, moved, or the end cut."""
    data = bytearray(sound)
    for _ in range(chance.choice((1, 1, 2, 4, 16))):
        chance.choice(HARMS)(data, chance)
    return bytes(data)


def _span(data: bytearray, chance: random.Random) -> slice:
    start = chance.randrange(len(data) + 1)
    return slice(start, start + chance.choice((1, 2, 8, 64, 1024)))


def _change(data: bytearray, chance: random.Random) -> None:
    span = _span(data, chance)
    data[span] = chance.randbytes(len(data[span]))


def _take_away(data: bytearray, chance: random.Random) -> None:
    del data[_span(data, chance)]


def _repeat(data: bytearray, chance: random.Random) -> None:
    span = _span(data, chance)
    data[span.start : span.start] = data[span] * chance.choice((1, 2, 50))


def _move(data: bytearray, chance: random.Random) -> None:
    span = _span(data, chance)
    taken = data[span]
    del data[span]
    where = chance.randrange(len(data) + 1)
    data[where:where] = taken


def _mark(data: bytearray, chance: random.Random) -> None:
    """Characters that have a sense in one of the formats, where they have none."""
    where = chance.randrange(len(data) + 1)
    data[where:where] = chance.choice(MARKS)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(len(data) + 1) :]


MARKS = (b"<", b">", b'"', b"&", b"&#0;", b"]]>", b"\x00", b"\r\n\r\n", b"--", b"{", b"[", b"null,", b"1e999",
         b"\xff\xfe", b"<!DOCTYPE a [", b"..", b"=?utf-8?q?", b"PK\x05\x06")  # fmt: skip
HARMS = (_change, _change, _take_away, _repeat, _move, _mark, _mark, _cut)
