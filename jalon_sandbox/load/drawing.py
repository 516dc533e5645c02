"""Draws that are the same for the same seed: a chance for each person, identifiers that time sorts. Pure."""

import datetime as dt
import random


def chance_of(seed: int, *what: object) -> random.Random:
    """The chance of this very person, house or team, whoever was drawn before."""
    return random.Random(f"{seed} {' '.join(map(str, what))}")  # noqa: S311  a fixed draw, not a secret


def identifier(chance: random.Random, at: dt.datetime) -> str:
    """A UUIDv7 of this instant, in 32 digits: what the product's own keys look like."""
    moment = int(at.timestamp() * 1000)
    head = f"{moment:012x}7{chance.getrandbits(12):03x}"
    return f"{head}{0x8 | chance.getrandbits(2):x}{chance.getrandbits(60):015x}"
