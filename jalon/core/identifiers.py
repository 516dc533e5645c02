"""National identifiers: what each one looks like, its control key, and how it is shown.

`parse` accepts what people type or paste (spaces, dots, lower case) and refuses with a French DomainError
that says what is wrong and what to do. `str()` is the bare, storable form; `display` is for readers.
"""

import re
from dataclasses import dataclass
from typing import Self

import stdnum.luhn

from jalon.core.errors import DomainError
from jalon.core.typography import NBSP

_SEPARATORS = re.compile(r"[\s.\u00a0\u202f-]+")
_INS_BODY = re.compile(r"[1-9]\d{4}(?:\d{2}|2[AB])\d{6}", re.ASCII)
_INS_GROUPS = (1, 2, 2, 2, 3, 3, 2)
_INS_SHOWN_GROUPS = 4
_FINESS = re.compile(r"(?:\d{2}|2[AB])\d{7}", re.ASCII)
_CORSICA_FOR_INS = {"2A": "19", "2B": "18"}
_CORSICA_FOR_LUHN = str.maketrans("AB", "12")


def compact(text: str) -> str:
    """`text` without spaces, dots or hyphens, in capitals: the storable form of a typed identifier."""
    return _SEPARATORS.sub("", text).upper()


# --- INS -------------------------------------------------------------------------------------------


def ins_key(body: str) -> str:
    """The two-digit key of the 13 characters of a NIR or NIA: 97 − (N mod 97), Corsica 2A→19, 2B→18.

    Raises DomainError `ins_format` when `body` is not 13 characters in the form of the national register.
    """
    if not _INS_BODY.fullmatch(body):
        raise _ins_format()
    department = body[5:7]
    number = int(body[:5] + _CORSICA_FOR_INS.get(department, department) + body[7:])
    return f"{97 - number % 97:02d}"


def check_ins(matricule: str) -> bool:
    """Whether `matricule` is 15 characters whose key is right (no separators, capitals).

    For what a person types, a datamatrix and searches (SC.INS/va1.41). On an answer of INSi only warn: one
    of the CNDA's own test answers has a wrong key (TEST_2.08_cas2).
    """
    return bool(_INS_BODY.fullmatch(matricule[:13])) and matricule[13:] == ins_key(matricule[:13])


def parse_ins(text: str) -> str:
    """The 15 characters of a typed matricule. Raises DomainError `ins_format` or `ins_key`."""
    matricule = compact(text)
    if len(matricule) != 15 or not _INS_BODY.fullmatch(matricule[:13]):
        raise _ins_format()
    if not check_ins(matricule):
        raise DomainError(
            "La clé du matricule INS ne correspond pas aux 13 premiers caractères. "
            "Vérifiez chaque chiffre sur le document d’origine.",
            code="ins_key",
        )
    return matricule


def display_ins(matricule: str, *, masked: bool = False) -> str:
    """A matricule in groups joined by no-break spaces: « 2 98 03 35 238 001 54 ».

    `masked` keeps sex, year, month and department: « 2 98 03 35 ••• ••• •• ». Showing the rest is traced.
    """
    groups, place = [], 0
    for rank, size in enumerate(_INS_GROUPS):
        group = matricule[place : place + size]
        groups.append("•" * size if masked and rank >= _INS_SHOWN_GROUPS else group)
        place += size
    return NBSP.join(group for group in groups if group)


def _ins_format() -> DomainError:
    return DomainError(
        "Un matricule INS compte 15 caractères : 13 puis une clé de 2 chiffres. Saisissez-le en entier.",
        code="ins_format",
    )


# --- establishments ----------------------------------------------------------------------------------


@dataclass(frozen=True, order=True)
class Finess:
    """A FINESS number, of a legal entity or a site: 9 characters, Luhn key, Corsica A→1, B→2 (DREES)."""

    number: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raises DomainError `finess_format` or `finess_key`."""
        number = compact(text)
        if not _FINESS.fullmatch(number):
            raise DomainError(
                "Un numéro FINESS compte 9 caractères, par exemple 010001246 ou 2A0000014. "
                "Recopiez-le depuis l’annuaire FINESS.",
                code="finess_format",
            )
        if not stdnum.luhn.is_valid(number.translate(_CORSICA_FOR_LUHN)):
            raise _wrong_key("FINESS", "finess_key")
        return cls(number)

    def __str__(self) -> str:
        return self.number


def _wrong_key(name: str, code: str) -> DomainError:
    return DomainError(
        f"La clé de ce numéro {name} ne correspond pas à ses autres chiffres. Vérifiez la saisie.", code=code
    )
