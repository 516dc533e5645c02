"""What a generated person holds: entourage, vigilances, stay, notes, events, plan, openings. Pure."""

import datetime as dt
from collections.abc import Iterator
from typing import Any, Final

from jalon.core.moment import PARIS, local_day
from jalon_sandbox.demo.names import ALLERGIES, FATHERS, MOTHERS, SISTERS, SONS, TEXTURES
from jalon_sandbox.demo.texts import ACTIVITIES, AIMS, EXPECTATIONS, NOTES, words_for
from jalon_sandbox.load.drawing import identifier
from jalon_sandbox.load.people import Someone, row_of
from jalon_sandbox.load.volume import Shape

Rows = Iterator[tuple[str, tuple[Any, ...]]]
RARE: Final = 0.1  # of the notes, what happens out of the ordinary among them
AHEAD: Final = 21  # days of agenda to come
RELATIVES: Final = {
    "young": (("MTH", MOTHERS), ("FTH", FATHERS)),
    "adult": (("SIS", SISTERS), ("MTH", MOTHERS)),
    "old": (("DAUC", SISTERS), ("SONC", SONS)),
}
WARNINGS: Final = (
    *(("allergy", text) for text in ALLERGIES),
    *(("swallowing", text) for text in TEXTURES),
    ("epilepsy", "Épilepsie : protocole dans le classeur rouge"),
    ("runaway", "Peut sortir sans prévenir, surtout en fin de journée"),
    ("fall", "Lever accompagné, chaussures fermées"),
)


def rows_of(shape: Shape, one: Someone) -> Rows:
    """Every row of this person: (sheet, row)."""
    yield "person", row_of(one)
    yield from _around(one)
    record = identifier(one.chance, one.came)
    house, day = one.house, local_day(one.came, PARIS)
    worker = one.chance.choice(house.of_unit(one.unit)).id
    placed = (house.id, house.units[one.unit], worker, "", day)
    yield "record", (one.came, house.secretary, record, one.id, *placed)
    stay = identifier(one.chance, one.came)
    number = f"{day:%Y}-{one.number:06}"
    yield "stay", (one.came, house.secretary, stay, f"{one.key}-SEJOUR-{stay}", record, number, day, day)
    yield from _notes(shape, one, record, worker)
    yield from _events(shape, one, record)
    if one.chance.random() < shape.plans:
        yield from _plan(shape, one, record, worker)
    yield from _openings(shape, one, record)


def _around(one: Someone) -> Rows:
    by, chance = one.house.secretary, one.chance
    for rank, (relation, names) in enumerate(RELATIVES[one.house.home.generation], start=1):
        if rank == 1 or chance.random() < 0.5:
            contact = identifier(chance, one.came)
            said = (
                one.traits.birth_name,
                chance.choice(names),
                relation,
                rank == 1 and chance.random() < 0.5,
            )
            phone = f"01 99 00 {one.number % 100:02} {rank:02}"
            key = f"{one.key}-CONTACT-{contact}"
            yield "contact", (one.came, by, contact, key, one.id, *said, phone, rank)
    for kind, text in chance.sample(WARNINGS, chance.choice((0, 0, 1, 1, 2))):
        yield "vigilance", (one.came, by, identifier(chance, one.came), one.id, kind, text)


def _since(shape: Shape, one: Someone, days: float) -> dt.datetime:
    """So many days before that day began, at the earliest when they came."""
    at = dt.datetime.combine(shape.today, dt.time(), PARIS) - dt.timedelta(seconds=int(days * 86_400))
    return max(at, one.came + dt.timedelta(hours=1))


def _notes(shape: Shape, one: Someone, record: str, worker: str) -> Rows:
    chance, authors = one.chance, one.house.near(one.unit)
    texts = [note for note in NOTES[one.house.home.generation] if not note.fact]
    ordinary = [note for note in texts if note.family != "evt"]
    for _ in range(shape.notes):
        note = chance.choice(texts if chance.random() < RARE else ordinary)
        at = _since(shape, one, chance.random() * 30 * shape.months)
        words, author = words_for(one.traits, note.words), chance.choice(authors)
        data, actions, result = words.split("|") if "|" in words else ("", "", "")
        important = note.family == "evt" or chance.random() < 0.02
        told = (note.family, words_for(one.traits, note.title), "" if data else words, data, actions, result)
        mine = identifier(chance, at)
        yield "note", (at, author, mine, record, author, at, *told, important)
        if important and author != worker:
            read = at + dt.timedelta(hours=8)
            yield "reading", (read, worker, identifier(chance, read), mine, worker, read)


def _events(shape: Shape, one: Someone, record: str) -> Rows:
    chance, team = one.chance, one.house.of_unit(one.unit)
    activities = ACTIVITIES[one.house.home.generation]
    for _ in range(shape.events):
        activity, back = chance.choice(activities), chance.randint(-AHEAD, 30 * shape.months)
        day = shape.today - dt.timedelta(days=back)
        start = dt.datetime.combine(day, dt.time(chance.randint(9, 17), activity.minute), PARIS)
        at = min(_since(shape, one, back + 7), start)
        mine, worker = identifier(chance, at), chance.choice(team).id
        over = back > 0
        said = (activity.label, activity.code, "TERMINE" if over else "PLANIFIE", start)
        end = start + dt.timedelta(minutes=activity.minutes)
        led = (end, activity.place, worker, True if over else None)
        yield "event", (at, worker, mine, f"{one.key}-EVN-{mine}", record, *said, *led)


def _plan(shape: Shape, one: Someone, record: str, worker: str) -> Rows:
    """One in preparation, agreed by whoever may sign for themselves: what leads to the signature."""
    chance, generation = one.chance, one.house.home.generation
    at = _since(shape, one, 20)

    def part(sheet: str, code: str, *said: Any) -> tuple[str, tuple[str, tuple[Any, ...]]]:
        mine = identifier(chance, at)
        key = f"{one.key}-{code}-{mine}"
        return key, (sheet, (at, worker, mine, key, *said))

    _, opened = part("plan", "PPER", record, f"Projet personnalisé {at.year}", "Ce qui compte pour l’année.")
    plan = opened[1][2]
    yield opened
    yield part("expectation", "ATTE", plan, "La personne", chance.choice(EXPECTATIONS[generation]))[1]
    for category, need, title, expected, action in AIMS[generation][:2]:
        needed, row = part("need", "BESO", plan, category, need)
        yield row
        began, due = local_day(at, PARIS), local_day(at, PARIS) + dt.timedelta(days=180)
        aimed = (plan, title, title, expected, "ACTIF", worker, began, due, [needed])
        goal, row = part("goal", "OBJE", *aimed)
        yield row
        yield part("action", "ACTI", plan, action, "ACTIF", worker, began, due, [goal])[1]
    if generation != "young":
        yield part("agreement", "ACCORD", plan, "usager", at, "Je suis d’accord.")[1]


def _openings(shape: Shape, one: Someone, record: str) -> Rows:
    chance, team = one.chance, one.house.near(one.unit)
    for _ in range(shape.openings):
        at, by = _since(shape, one, chance.random() * 30 * shape.months), chance.choice(team)
        yield "opening", (at, by, identifier(chance, at), at, by, record, one.id, "records:summary", "opened")
