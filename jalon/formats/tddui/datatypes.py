"""How the small values are read from FHIR R4 data types and written to them."""

from typing import Any

from jalon.formats.tddui import values as v
from jalon.formats.tddui.lens import (
    At,
    Ext,
    Json,
    Many,
    One,
    Plain,
    Shape,
    Slot,
    at,
    extensions,
    shape,
    table,
)
from jalon.formats.tddui.urls import CS, FR_SD, HL7_SD, ISO_PART, SD

KEYED = "?identifier="
"""Between type and key in the token that stands for a resolved reference:
`Patient?identifier=3480787529/77`."""

SEX = table({"male": "M", "female": "F", "unknown": "U", "other": "O"})
"""FHIR administrative gender ↔ JDV_J143."""

CODING = shape(
    v.Coding,
    One("system", "system"),
    One("version", "version"),
    One("code", "code"),
    One("display", "display"),
)
PERIOD = shape(v.Period, One("start", "start"), One("end", "end"))


class CodedCodec:
    """CodeableConcept ↔ Coded."""

    def read(self, raw: Any) -> v.Coded:
        """The first coding flattened, then the others."""
        codings = [CODING.read(coding) for coding in raw.get("coding", ())]
        first = codings[0] if codings else v.Coding()
        return v.Coded(
            system=first.system,
            code=first.code,
            display=first.display,
            version=first.version,
            text=raw.get("text", ""),
            others=tuple(codings[1:]),
        )

    def write(self, value: v.Coded) -> Json:
        """The codings, then the text."""
        first = v.Coding(value.system, value.code, value.display, value.version)
        codings = [raw for coding in (first, *value.others) if (raw := CODING.write(coding))]
        node: Json = {"coding": codings} if codings else {}
        if value.text:
            node["text"] = value.text
        return node


CODED = CodedCodec()


class LinkCodec:
    """Reference ↔ Link. A resolved reference is a token `Type?identifier=<key>`."""

    def read(self, raw: Any) -> v.Link:
        """The target by key; `uri` keeps a reference that is not a token."""
        to, mark, key = raw.get("reference", "").partition(KEYED)
        identifier = raw.get("identifier")
        return v.Link(
            to=to if mark else "",
            key=key,
            uri="" if mark else to,
            type=raw.get("type", ""),
            display=raw.get("display", ""),
            identifier=IDENTIFIER.read(identifier) if identifier else None,
        )

    def write(self, value: v.Link) -> Json:
        """A reference whose `reference` is a token, or the raw reference."""
        reference = f"{value.to}{KEYED}{value.key}" if value.key else value.uri
        node = {"reference": reference, "type": value.type}
        node = {name: text for name, text in node.items() if text}
        if value.identifier:
            node["identifier"] = IDENTIFIER.write(value.identifier)
        if value.display:
            node["display"] = value.display
        return node


LINK = LinkCodec()
IDENTIFIER: Shape[v.Identifier] = shape(
    v.Identifier,
    One("use", "use"),
    One("type", "type", CODED),
    One("system", "system"),
    One("value", "value"),
    One("period", "period", PERIOD),
    One("assigner", "assigner", LINK),
)

NAME = shape(
    v.PersonName,
    extensions(
        Ext("birth_first_names", FR_SD + "fr-core-patient-birth-list-given-name", "valueString"),
        Ext("assembly_order", HL7_SD + "humanname-assembly-order", "valueCode"),
    ),
    One("use", "use"),
    One("text", "text"),
    One("family", "family"),
    Many("given", "given"),
    Many("prefix", "prefix"),
    Many("suffix", "suffix"),
    One("period", "period", PERIOD),
)

TELECOM = shape(
    v.Telecom,
    extensions(Ext("email_type", FR_SD + "fr-core-contact-point-email-type", "valueCoding", CODING)),
    One("channel", "system"),
    One("value", "value"),
    One("use", "use"),
    One("rank", "rank"),
    One("period", "period", PERIOD),
)


class Lines:
    """Address.line and the parts of each line, in `_line`."""

    def read(self, node: Json, into: Json) -> None:
        """The lines, each with its ISO 21090 parts."""
        texts, parts = node.get("line") or [], node.get("_line") or []
        size = max(len(texts), len(parts))
        texts, parts = texts + [None] * (size - len(texts)), parts + [None] * (size - len(parts))
        if size:
            into["lines"] = tuple(map(_line, texts, parts))

    def write(self, value: Any, node: Json) -> None:
        """`line`, and `_line` if a line has parts."""
        if value.lines:
            texts = [line.text or None for line in value.lines]
            parts = [
                {"extension": list(map(_part, line.parts))} if line.parts else None for line in value.lines
            ]
            if any(texts):
                node["line"] = texts
            if any(parts):
                node["_line"] = parts


def _line(text: str | None, below: Json | None) -> v.AddressLine:
    found = (below or {}).get("extension", ())
    parts = (v.AddressPart(e["url"].removeprefix(ISO_PART), e["valueString"]) for e in found if _is_part(e))
    return v.AddressLine(text or "", tuple(parts))


def _is_part(extension: Json) -> bool:
    return extension.get("url", "").startswith(ISO_PART) and "valueString" in extension


def _part(part: v.AddressPart) -> Json:
    return {"url": ISO_PART + part.kind, "valueString": part.value}


ADDRESS = shape(
    v.Address,
    extensions(
        Ext("insee", FR_SD + "fr-core-address-insee-code", "valueCoding", CODING),
        Ext("comment", SD + "tddui-comment", "valueString"),
    ),
    One("use", "use"),
    One("type", "type"),
    One("text", "text"),
    Lines(),
    One("city", "city"),
    One("district", "district"),
    One("state", "state"),
    One("postal_code", "postalCode"),
    One("country", "country"),
    One("period", "period", PERIOD),
)

ATTACHMENT = shape(
    v.Attachment,
    One("content_type", "contentType"),
    One("language", "language"),
    One("data", "data"),
    One("url", "url"),
    One("size", "size"),
    One("hash", "hash"),
    One("title", "title"),
    One("creation", "creation"),
)
NOTE = shape(
    v.Note,
    One("author", "authorReference", LINK),
    One("author_name", "authorString"),
    One("time", "time"),
    One("text", "text"),
)
LANGUAGE = shape(v.Language, One("code", "language", CODED), One("preferred", "preferred"))
NATIONALITY = shape(
    v.Nationality,
    extensions(
        Ext("code", "code", "valueCodeableConcept", CODED), Ext("period", "period", "valuePeriod", PERIOD)
    ),
)


class WithUrl:
    """A nationality and the extension it came in, when it is not the usual one."""

    def __init__(self, usual: str) -> None:
        self.usual = usual

    def read(self, raw: Any) -> v.Nationality:
        """The nationality; `url` only if it is not the usual one."""
        url = raw["url"]
        found: v.Nationality = NATIONALITY.read(raw)
        return found if url == self.usual else v.Nationality(found.code, found.period, url)

    def write(self, value: v.Nationality) -> Json:
        """The whole extension."""
        content: Json = NATIONALITY.write(value)
        return {"url": value.url or self.usual} | content


NATIONALITY_URLS = (
    HL7_SD + "patient-nationality",
    FR_SD + "fr-core-patient-nationality",
    SD + "tddui-nationality",
)
ATTACHMENTS = Ext("attachments", SD + "tddui-attachment", "valueReference", LINK, many=True)


class AbsentValue:
    """A primitive extension whose value may be missing for a stated reason (data-absent-reason).

    Both ways of saying the reason are read: inside the extension, or on its missing value
    (`_valuePositiveInt`). The first is written: it is the one the offline TDDUI checker takes, which does not
    see a value under an underscore.
    """

    def __init__(self, name: str, url: str, value: str) -> None:
        self.name, self.url, self.value = name, url, value
        self.reason = extensions(Ext(f"{name}_absent", HL7_SD + "data-absent-reason", "valueCode"))

    def read(self, node: Json, into: Json) -> None:
        """The value, or the reason why there is none."""
        for raw in node.get("extension", ()):
            if raw.get("url") == self.url and self.name not in into:
                self._take(raw, into)

    def _take(self, raw: Json, into: Json) -> None:
        if self.value in raw:
            into[self.name] = raw[self.value]
        for place in (raw, raw.get(f"_{self.value}", {})):
            self.reason.read(place, into)

    def write(self, value: Any, node: Json) -> None:
        """The extension with its value, or with the reason."""
        held = getattr(value, self.name)
        content: Json = {} if held is None else {self.value: held}
        if held is None:
            self.reason.write(value, content)
        if content:
            node.setdefault("extension", []).append({"url": self.url} | content)


def primitive(element: str, *slots: Slot) -> At:
    """What is said about primitive `element` (its extensions), which JSON keeps under `_element`."""
    return at(f"_{element}", *slots)


class Discriminated(Plain):
    """An element (note, reference) that carries a tddui-discriminator: its code says which kind it is."""

    def __init__(self, code: str, codec: Any) -> None:
        self.code, self.codec = code, codec

    def read(self, raw: Any) -> Any:
        """The element without its discriminator."""
        return self.codec.read(raw)

    def write(self, value: Any) -> Json:
        """The element with the discriminator of its kind first."""
        content: Json = self.codec.write(value)
        return {"extension": [discriminator(self.code)]} | content


DISCRIMINATOR_URL = SD + "tddui-discriminator"
DISCRIMINATOR_CS = CS + "tddui-discriminator"


def discriminator(code: str) -> Json:
    """The tddui-discriminator extension of a code."""
    concept = {"coding": [{"system": DISCRIMINATOR_CS, "code": code}]}
    return {"url": DISCRIMINATOR_URL, "valueCodeableConcept": concept}


def discriminator_of(item: Json) -> str:
    """The first tddui-discriminator code of an element, or `""`."""
    for extension in item.get("extension", ()):
        if extension.get("url") == DISCRIMINATOR_URL:
            return first_code(extension.get("valueCodeableConcept", {}))
    return ""


def first_code(concept: Json) -> str:
    """The code of the first coding of a CodeableConcept, or `""`."""
    codings = concept.get("coding") or [{}]
    code: str = codings[0].get("code", "")
    return code


def type_codes(identifier: Json) -> set[str]:
    """The codes of the type of an identifier (PI, NH, INS-NIR…)."""
    return {coding.get("code", "") for coding in identifier.get("type", {}).get("coding", ())}
