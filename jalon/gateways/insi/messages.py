"""INSi, search by identity traits (WS_INS2): values → request bytes, answer bytes → values.

Interface DESIR_ICIR_EXP_1.5.0: SOAP 1.2, WS-Addressing, the contexts of the health insurance (ContexteBAM,
ContexteLPS), authentication by the software certificate of an organization, so no assertion of the
professional in the message.
"""

import datetime as dt
import re
import uuid
from dataclasses import dataclass, replace
from typing import Literal

from lxml import etree

from jalon.core.errors import DomainError, Malformed, Rejected
from jalon.core.identifiers import check_ins
from jalon.core.identity import INS_OIDS, UNKNOWN_PLACE, Ins, Sex, Traits
from jalon.core.names import fold, insi_name
from jalon.formats import soap
from jalon.formats.soap import SOAP12, WSA

SERVICE = "INSi"
PATH = "/lps"
ACTION = "urn:ServiceIdentiteCertifiee:1.0.0:rechercherInsAvecTraitsIdentite"
HEADERS = {"Content-Type": soap.content_type(ACTION)}
ANSWER_LIMIT = 2**20

BAM = "urn:siram:bam:ctxbam"
LPS = "urn:siram:lps:ctxlps"
SIRAM = "urn:siram"
SEARCH = "http://www.cnamts.fr/INSiRecSans"
RESULT = "http://www.cnamts.fr/INSiResultat"
NAMESPACES = {"soap": SOAP12, "wsa": WSA, "ctxbam": BAM, "ctxlps": LPS, "insi_recsans_ins": SEARCH}
_IN_ANSWER = {"r": RESULT, "siram": SIRAM}

_NUMBER = re.compile(r"\d{6}[A-Za-z0-9]\d{6}", re.ASCII)  # INSi_RESULTAT_INS.xsd, type NIR
_KEY = re.compile(r"\d{2}", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


# --- what is asked ------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Software:
    """The product, as ContexteLPS names it.

    `idam` is the authorization number given by the CNDA, `instance` the UUID of this installation.
    """

    idam: str
    version: str
    instance: str
    name: str


@dataclass(frozen=True)
class Attempt:
    """One search: a person's traits, and how much of them goes in the request.

    `given_names` are sent one element each, `birth_place` says whether the place goes too. `guess` marks
    values the person did not declare that way: the user agrees before it is sent.
    """

    traits: Traits
    birth_name: str
    given_names: tuple[str, ...]
    birth_place: bool = False
    guess: bool = False


def first_attempt(traits: Traits) -> Attempt:
    """The search to begin with: birth name, first given name, sex and birth date, without the place."""
    return Attempt(traits, traits.birth_name, (traits.first_name,))


def next_attempt(previous: Attempt, answer: "Answer") -> Attempt | None:
    """What to ask after `answer`; None when there is nothing left to ask (INSi: CodeCR 01 and 02).

    Several people (02): the other given names, then the birth place. Nobody (01): another hyphenation of the
    first name, of the birth name, then each other given name alone: guesses, all of them.
    """
    if isinstance(answer, Ambiguous):
        return _narrower(previous)
    if isinstance(answer, NotFound):
        ladder = [first_attempt(previous.traits), *_guesses(previous.traits)]
        if previous in ladder:
            return dict(zip(ladder, ladder[1:], strict=False)).get(previous)
    return None


def _narrower(previous: Attempt) -> Attempt | None:
    others = _other_given_names(previous.traits)
    if others and len(previous.given_names) == 1 and previous.given_names[0] not in others:
        return replace(previous, given_names=(*previous.given_names, *others))
    if not previous.birth_place and previous.traits.birth_place not in ("", UNKNOWN_PLACE):
        return replace(previous, birth_place=True)
    return None


def _guesses(traits: Traits) -> list[Attempt]:
    start = replace(first_attempt(traits), guess=True)
    spellings = [replace(start, given_names=(name,)) for name in _respelled(traits.first_name)]
    names = [replace(start, birth_name=name) for name in _respelled(traits.birth_name)]
    others = [replace(start, given_names=(name,)) for name in _other_given_names(traits)]
    return list(dict.fromkeys([*spellings, *names, *others]))


def _respelled(name: str) -> list[str]:
    """The other way of joining the words of a name: INSi compares hyphens strictly."""
    if "-" in name:
        return [re.sub(r"-+", " ", name)]
    return [name.replace(" ", "-")] if " " in name else []


def _other_given_names(traits: Traits) -> tuple[str, ...]:
    """The given names after the first one; none when the list does not begin with it."""
    names = traits.birth_first_names.split()
    for count in range(1, len(names) + 1):
        if fold(" ".join(names[:count])) == fold(traits.first_name):
            return tuple(dict.fromkeys(names[count:]))
    return ()


# --- the request --------------------------------------------------------------------------------------------


def search(
    attempt: Attempt, *, software: Software, message_id: uuid.UUID, now: dt.datetime, sender: str
) -> bytes:
    """The SOAP envelope of one search.

    `message_id` also gives the identifiers of both contexts, so that a retry is the same bytes but for the
    time; `now` is aware; `sender` designates the professional who asks (Emetteur). Raises DomainError
    `insi_sex_unknown`, or those of `insi_name` when a name cannot be written in the national alphabet.
    """
    envelope = etree.Element(f"{{{SOAP12}}}Envelope", nsmap=NAMESPACES)
    header = _add(envelope, SOAP12, "Header")
    _add_bam(header, message_id, now, sender)
    _add_lps(header, message_id, now, sender, software)
    _add(header, WSA, "Action", ACTION)
    _add(header, WSA, "MessageID", f"uuid:{message_id}")
    _add_traits(_add(envelope, SOAP12, "Body"), attempt)
    return etree.tostring(envelope, encoding="UTF-8", xml_declaration=True)


def require_askable(attempt: Attempt) -> None:
    """Raises what `search` would for these traits: what cannot be asked is refused where it is typed."""
    _add_traits(etree.Element("Body"), attempt)


def _add_bam(header: etree._Element, message_id: uuid.UUID, now: dt.datetime, sender: str) -> None:
    context = _add(header, BAM, "ContexteBAM", Version="01_02")
    _add(context, BAM, "Id", str(uuid.uuid5(message_id, "ContexteBAM")))
    _add(context, BAM, "Temps", _instant(now))
    _add(context, BAM, "Emetteur", sender)
    _add(context, BAM, "COUVERTURE")


def _add_lps(
    header: etree._Element, message_id: uuid.UUID, now: dt.datetime, sender: str, software: Software
) -> None:
    context = _add(header, LPS, "ContexteLPS", Nature="CTXLPS", Version="01_00")
    _add(context, LPS, "Id", str(uuid.uuid5(message_id, "ContexteLPS")))
    _add(context, LPS, "Temps", _instant(now))
    _add(context, LPS, "Emetteur", sender)
    product = _add(context, LPS, "LPS")
    _add(product, LPS, "IDAM", software.idam, R="4")
    _add(product, LPS, "Version", software.version)
    _add(product, LPS, "Instance", software.instance)
    _add(product, LPS, "Nom", software.name)


def _add_traits(body: etree._Element, attempt: Attempt) -> None:
    traits = attempt.traits
    asked = _add(body, SEARCH, "RECSANSVITALE")
    _add(asked, SEARCH, "NomNaissance", insi_name(attempt.birth_name, "family"))
    for name in attempt.given_names:
        _add(asked, SEARCH, "Prenom", insi_name(name, "given"))
    _add(asked, SEARCH, "Sexe", _known_sex(traits.sex))
    _add(asked, SEARCH, "DateNaissance", traits.birth_date.isoformat())
    if attempt.birth_place:
        _add(asked, SEARCH, "LieuNaissance", traits.birth_place)


def _known_sex(sex: Sex) -> str:
    if sex == "U":
        raise DomainError(
            "Le sexe doit être connu pour interroger INSi. Complétez l’identité.", code="insi_sex_unknown"
        )
    return sex


def _add(
    parent: etree._Element, namespace: str, tag: str, text: str = "", **attributes: str
) -> etree._Element:
    element = etree.SubElement(parent, f"{{{namespace}}}{tag}", attributes)
    if text:
        element.text = text
    return element


def _instant(now: dt.datetime) -> str:
    return now.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


# --- what is answered ---------------------------------------------------------------------------------------


@dataclass(frozen=True)
class PastIns:
    """A former INS of the person, as INSi gives it: dates may lack, or even be out of order."""

    ins: Ins
    starts_on: dt.date | None
    ends_on: dt.date | None


@dataclass(frozen=True)
class Found:
    """One person (00). `traits` are those of the national register, unchanged.

    `first_name` is INSi's own when it gives one, else the first word of the list: the caller compares it with
    the declared one (SC.INS/va1.51). `birth_place` is empty when INSi gives none. `key_is_wrong` is a warning
    only: an official answer with a wrong key exists.
    """

    ins: Ins
    traits: Traits
    history: tuple[PastIns, ...] = ()
    key_is_wrong: bool = False


@dataclass(frozen=True)
class NotFound:
    """Nobody has these traits (01)."""


@dataclass(frozen=True)
class Ambiguous:
    """Several people have these traits (02)."""


Reason = Literal["lunar_date", "impossible_date", "empty_trait", "unknown_sex", "unknown_oid", "missing_key"]
_REASONS: dict[Reason, str] = {
    "lunar_date": "la date de naissance comporte un jour ou un mois à 00",
    "impossible_date": "la date de naissance n’existe pas au calendrier",
    "empty_trait": "le nom, les prénoms ou le sexe manquent",
    "unknown_sex": "le sexe n’est ni masculin ni féminin",
    "unknown_oid": "l’autorité d’affectation du matricule est inconnue",
    "missing_key": "le matricule est donné sans sa clé",
}


@dataclass(frozen=True)
class Unusable:
    """INSi found the person (00), but its answer must not be imported (SC.INS/va1.28, va1.31)."""

    reason: Reason

    @property
    def message(self) -> str:
        return f"INSi a répondu, mais l’identité ne peut pas être reprise\u00a0: {_REASONS[self.reason]}."


Answer = Found | NotFound | Ambiguous | Unusable


def parse_answer(data: bytes) -> Answer:
    """What INSi says.

    Raises Rejected on a SOAP fault (`code` is desir_… when there is one, else siram_…) or an unknown code of
    result, Malformed when the bytes are not an answer of this service.
    """
    try:
        message = soap.read(data, limit=ANSWER_LIMIT)
    except DomainError as error:
        raise Malformed(SERVICE, str(error), data) from error
    result = message.payload
    if result is not None and message.fault:
        raise _rejection(result, message.fault)
    if (
        result is None
        or result.tag != f"{{{RESULT}}}RESULTAT"
        or not (code := _text(result, "r:CR/r:CodeCR"))
    ):
        raise Malformed(SERVICE, "la réponse n’est pas un résultat de recherche", data)
    if code == "00":
        return _individual(result, data)
    absent: dict[str, Answer] = {"01": NotFound(), "02": Ambiguous()}
    if code not in absent:
        raise Rejected(SERVICE, code, _text(result, "r:CR/r:LibelleCR"))
    return absent[code]


def _rejection(payload: etree._Element, fault: soap.Fault) -> Rejected:
    error = payload.find(".//siram:Erreur", _IN_ANSWER)
    if error is None:
        return Rejected(SERVICE, fault.code, fault.reason)
    return Rejected(SERVICE, error.get("code", ""), f"{(error.text or '').strip()} {fault.reason}".strip())


def _individual(result: etree._Element, data: bytes) -> Answer:
    active = result.find("r:INDIVIDU/r:INSACTIF", _IN_ANSWER)
    traits = result.find("r:INDIVIDU/r:TIQ", _IN_ANSWER)
    if active is None or traits is None:
        raise Malformed(SERVICE, "une identité est annoncée mais n’est pas donnée", data)
    ins = _ins(active, data)
    birth_date = _date(_text(traits, "r:DateNaissance"))
    reason = _reason_to_refuse(ins, traits)
    if reason or birth_date is None:
        return Unusable(reason or "impossible_date")
    past = tuple(_past(item, data) for item in result.iterfind("r:INDIVIDU/r:INSHISTO", _IN_ANSWER))
    return Found(ins, _traits(traits, birth_date), past, key_is_wrong=not check_ins(ins.matricule))


def _reason_to_refuse(ins: Ins, traits: etree._Element) -> Reason | None:
    needed = [_text(traits, f"r:{name}") for name in ("NomNaissance", "ListePrenom", "Sexe")]
    reasons: dict[Reason, bool] = {
        "missing_key": len(ins.matricule) != 15,
        "unknown_oid": ins.oid not in INS_OIDS,
        "empty_trait": not all(needed),
        "unknown_sex": needed[2] not in ("M", "F"),
        "lunar_date": "-00" in _text(traits, "r:DateNaissance"),
    }
    return next((reason for reason, holds in reasons.items() if holds), None)


def _ins(element: etree._Element, data: bytes) -> Ins:
    number = _text(element, "r:IdIndividu/r:NumIdentifiant")
    key = _text(element, "r:IdIndividu/r:Cle")
    if not _NUMBER.fullmatch(number) or (key and not _KEY.fullmatch(key)):
        raise Malformed(SERVICE, "le matricule rendu n’a pas la forme d’un INS", data)
    return Ins(number + key, _text(element, "r:OID"))


def _past(element: etree._Element, data: bytes) -> PastIns:
    return PastIns(
        _ins(element, data), _date(_text(element, "r:DateDeb")), _date(_text(element, "r:DateFin"))
    )


def _traits(element: etree._Element, birth_date: dt.date) -> Traits:
    names = _text(element, "r:ListePrenom")
    return Traits(
        birth_name=_text(element, "r:NomNaissance"),
        first_name=_text(element, "r:Prenom") or names.split()[0],
        birth_first_names=names,
        sex="M" if _text(element, "r:Sexe") == "M" else "F",
        birth_date=birth_date,
        birth_place=_text(element, "r:LieuNaissance"),
    )


def _date(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None


def _text(element: etree._Element, path: str) -> str:
    return (element.findtext(path, "", _IN_ANSWER) or "").strip()
