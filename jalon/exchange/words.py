"""What came of a sending, as people read it: a sentence, and the service's own words apart. Pure."""

import re
from dataclasses import dataclass

OURS = re.compile(r"[a-z][a-z_]*|", re.ASCII)  # a code of the house, or none: the label is a French sentence
# Code of a service, by its beginning → what it means. The longest beginning is the one that speaks.
MEANINGS = {
    "2": "La messagerie a pris le message.",
    "4": "La messagerie n’a pas pu le prendre cette fois.",
    "5": "La messagerie a refusé le message.",
    "5.1.1": "L’adresse du destinataire n’existe pas.",
    "5.2.1": "La boîte du destinataire est fermée.",
    "5.2.2": "La boîte du destinataire est pleine.",
    "5.3.4": "Le message est trop lourd pour le destinataire.",
    "5.7": "La messagerie du destinataire n’accepte pas ce message.",
    "550": "La messagerie refuse cette adresse.",
    "552": "Le message est trop lourd, ou la boîte du destinataire est pleine.",
    "554": "La messagerie refuse ce message.",
    "XDSUnknownPatientId": "Le DMP ne connaît pas cette personne : vérifiez son INS et son DMP.",
    "XDSPatientIdDoesNotMatch": "Les documents de l’envoi ne parlent pas de la même personne.",
    "XDSDuplicateUniqueIdInRegistry": "Le DMP a déjà ce document.",
    "XDSNonIdenticalHash": "Le DMP a déjà un autre document sous ce numéro.",
    "XDSReplaceFailed": "Le DMP n’a pas pu remplacer la version d’avant.",
    "XDSRegistryBusy": "Le DMP est trop occupé : l’envoi sera à refaire.",
    "XDSRepositoryBusy": "Le DMP est trop occupé : l’envoi sera à refaire.",
    "XDSRegistryError": "Le DMP a refusé la description du document.",
    "XDSRepositoryError": "Le DMP n’a pas pu garder le document.",
    "XDS": "Le DMP a refusé le document.",
    "DMP": "Le DMP a refusé l’envoi.",
}
DEFAULT = "Le destinataire n’a pas pu ranger le document."
MACHINE = re.compile(r"smtp;|[245]\d\d[ -]|[245]\.\d", re.ASCII)  # a bounce that gives no code of its own
# What we say of a service that did not answer well ends with its words.
QUOTING = {"unreachable", "malformed", "cut"}
QUOTED = re.compile(r"(?P<said>[^(]+) \((?P<words>.+)\)")
MAIL = re.compile(r"[245]\d\d|[245]\.\d{1,3}\.\d{1,3}", re.ASCII)


@dataclass(frozen=True)
class Told:
    """A step of a delivery: what happened, and the words of the service, for whoever must call it."""

    sentence: str
    technical: str = ""


def told(code: str, label: str) -> Told:
    """What a step says. A label of ours is French already; a service's is kept, behind the sentence."""
    if MACHINE.match(label) and not code:
        return Told(DEFAULT, label)
    if not OURS.fullmatch(code):
        return Told(_meaning(code), f"{code} {label}".strip())
    quoted = QUOTED.fullmatch(label) if code in QUOTING else None
    return Told(quoted["said"], quoted["words"]) if quoted else Told(label)


def _meaning(code: str) -> str:
    known = [start for start in MEANINGS if code.startswith(start)]
    if not known or (code[0].isdigit() and not MAIL.fullmatch(code)):
        return DEFAULT
    return MEANINGS[max(known, key=len)]
