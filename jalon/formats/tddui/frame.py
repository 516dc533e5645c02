"""What every resource has: its surroundings (`Frame`) and its status (`Stand`)."""

from collections.abc import Mapping
from typing import Any

import orjson

from jalon.formats.tddui.datatypes import CODED, CODING, LINK
from jalon.formats.tddui.lens import Codec, Ext, Json, extensions
from jalon.formats.tddui.urls import SD
from jalon.formats.tddui.values import Envelope, Status

EVENT_STATUS = {"planned": "PLANIFIE", "triaged": "VALIDE", "finished": "TERMINE", "cancelled": "ANNULE"}
PLAN_STATUS = {"draft": "ENPREPARATION", "active": "ENCOURS", "on-hold": "ENPAUSE", "completed": "TERMINE"}
GOAL_STATUS = {"planned": "ENPREPARATION", "active": "ACTIF", "completed": "TERMINE", "cancelled": "ANNULE"}
TASK_STATUS = {
    "draft": "ENPREPARATION",
    "in-progress": "ACTIF",
    "completed": "TERMINE",
    "cancelled": "ANNULE",
}
"""FHIR status → business status, as the `^short` of each profile gives it."""

_META = {"versionId": "version_id", "source": "source"}


class Frame:
    """`meta`, `language` and `text` ↔ Envelope. `dated`: meta.lastUpdated is the date of the status, not
    ours."""

    def __init__(self, *, dated: bool = False) -> None:
        self.dated = dated

    def read(self, node: Json, into: Json) -> None:
        """The envelope; `full_url` is put by the reader, which knows the entry."""
        meta = node.get("meta", {})
        narrative = node.get("text")
        into["envelope"] = Envelope(
            technical_id=node.get("id", ""),
            profiles=tuple(meta.get("profile", ())),
            last_updated="" if self.dated else meta.get("lastUpdated", ""),
            version_id=meta.get("versionId", ""),
            source=meta.get("source", ""),
            tags=tuple(map(CODING.read, meta.get("tag", ()))),
            security=tuple(map(CODING.read, meta.get("security", ()))),
            language=node.get("language", ""),
            narrative=orjson.dumps(narrative).decode() if narrative else "",
        )

    def write(self, value: Any, node: Json) -> None:
        """`meta` as received (the writer of the file sets the profile and drops the version), language,
        text."""
        held: Envelope = value.envelope
        meta: Json = {element: getattr(held, name) for element, name in _META.items() if getattr(held, name)}
        if held.last_updated and not self.dated:
            meta["lastUpdated"] = held.last_updated
        for element, codes in (("security", held.security), ("tag", held.tags)):
            if codes:
                meta[element] = list(map(CODING.write, codes))
        if held.profiles:
            meta["profile"] = list(held.profiles)
        if meta:
            node["meta"] = meta
        if held.language:
            node["language"] = held.language
        if held.narrative:
            node["text"] = orjson.loads(held.narrative)


class Stand:
    """The status of a resource ↔ Status: its code, its author and reason (extensions), its date
    (meta.lastUpdated).

    `codes`: FHIR → business codes; empty when the business model gives none. `reason`: element that says why.
    """

    def __init__(
        self, element: str, codes: Mapping[str, str] = {}, *, dated: bool = False, reason: str = ""
    ) -> None:
        self.element, self.codes, self.dated, self.reason = element, codes, dated, reason
        self.to_fhir = {ours: fhir for fhir, ours in codes.items()}
        entries = [Ext("author", SD + "tddui-status-author", "valueReference", LINK)]
        if not reason:
            entries.append(Ext("reason", SD + "tddui-event-cancel-reason", "valueCodeableConcept", CODED))
        self.about = extensions(*entries)

    def read(self, node: Json, into: Json) -> None:
        """The status; `fhir` only when no business code says it."""
        fhir = node.get(self.element, "")
        code = self.codes.get(fhir, "")
        found: Json = {"code": code, "fhir": "" if code else fhir}
        if self.dated:
            found["date"] = node.get("meta", {}).get("lastUpdated", "")
        self.about.read(node.get(f"_{self.element}", {}), found)
        if self.reason in node:
            found["reason"] = CODED.read(node[self.reason])
        into["status"] = Status(**found)

    def write(self, value: Any, node: Json) -> None:
        """The FHIR status of the business code, or the FHIR status kept."""
        status: Status = value.status
        fhir = self.to_fhir.get(status.code, status.code) or status.fhir
        if fhir:
            node[self.element] = fhir
        below: Json = {}
        self.about.write(status, below)
        if below:
            node[f"_{self.element}"] = below
        if self.reason and status.reason:
            node[self.reason] = CODED.write(status.reason)
        if self.dated and status.date:
            node.setdefault("meta", {})["lastUpdated"] = status.date


class ListOfOne:
    """A list that holds exactly one thing, read as that thing."""

    def __init__(self, codec: Codec) -> None:
        self.codec = codec

    def read(self, raw: Any) -> Any:
        """The first item; the others are left to the residue."""
        return self.codec.read(raw[0])

    def write(self, value: Any) -> Any:
        """A list of one."""
        item = self.codec.write(value)
        return [item] if item else None
