"""Who the simulated services know of the demonstration: people, mailboxes, health professionals."""

import secrets
from pathlib import Path

import orjson

from jalon.gateways.common.tls import write_private
from jalon_sandbox.demo.population import HOUSES, Someone, mailbox
from jalon_sandbox.demo.team import TEAM, rpps


def write(folder: Path, everybody: list[Someone]) -> None:
    """Who the simulated services know: our people for INSi, health professionals for Pro Santé Connect."""
    folder.mkdir(parents=True, exist_ok=True)
    citizens = [
        {
            "matricule": one.ins.matricule, "oid": one.ins.oid, "birth_name": one.official.birth_name,
            "birth_first_names": one.official.birth_first_names, "sex": one.official.sex,
            "birth_date": one.official.birth_date.isoformat(), "birthplace": one.official.birth_place,
            "first_name": one.official.first_name,
        }
        for one in everybody if one.known_to_insi
    ]  # fmt: skip
    write_private(folder / "insi.json", orjson.dumps(citizens))
    mailboxes = {mailbox(house.code): secrets.token_urlsafe(16) for house in HOUSES}
    write_private(folder / "mssante.json", orjson.dumps(mailboxes))
    houses = {house.code: house for house in HOUSES}
    professionals = [
        {
            "national_id": f"8{rpps(number)}", "given_name": worker.first_name,
            "family_name": worker.last_name.upper(), "profession": worker.profession,
            "label": f"{worker.job}, {houses[worker.houses[0]].name}",
            "sites": [{"name": houses[code].name, "finess": houses[code].finess} for code in worker.houses],
        }
        for number, worker in enumerate(TEAM, start=1) if worker.health
    ]  # fmt: skip
    write_private(folder / "psc.json", orjson.dumps(professionals))
