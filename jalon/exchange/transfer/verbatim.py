"""What has no table yet: kept as it came, named, counted, sent out again."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import orjson

from jalon.core.errors import DomainError
from jalon.db.bulk import insert
from jalon.exchange.models import VerbatimResource
from jalon.exchange.transfer.attribution import is_mention
from jalon.exchange.transfer.codec import dump
from jalon.exchange.transfer.report import Report
from jalon.formats.tddui import model as transfer
from jalon.records.models import Record

KEY_LENGTH = VerbatimResource._meta.get_field("key").max_length or 0
PROFILE_LENGTH = VerbatimResource._meta.get_field("profile").max_length or 0


@dataclass(frozen=True)
class Whole:
    """What a file holds that no table does, and the record of each owner, by key of the person."""

    report: Report
    resources: Sequence[transfer.VerbatimResource]
    folders: Mapping[str, Record]


def keep_verbatim(files: Sequence[Whole]) -> None:
    """Keep resources with the record of their owner, or with nobody's."""
    wanted = [(whole, {_key(one): one for one in whole.resources}) for whole in files]
    keys = {key for _, resources in wanted for key in resources}
    known = {row.key: row for row in VerbatimResource.objects.filter(key__in=keys)} if keys else {}
    new: list[VerbatimResource] = []
    for whole, resources in wanted:
        for key, resource in resources.items():
            outcome = _keep(key, resource, whole, known, new)
            if not is_mention(resource):
                whole.report.count(outcome, "verbatim")
                whole.report.count("verbatim", " ".join(filter(None, (resource.type, resource.profile))))
    insert(new)


def _keep(
    key: str,
    resource: transfer.VerbatimResource,
    whole: Whole,
    known: dict[str, VerbatimResource],
    new: list[VerbatimResource],
) -> str:
    """Keep one; what came of it."""
    folder = whole.folders.get(resource.owner)
    row, content = known.get(key), _content(resource)
    if row is None:
        known[key] = _row(key, resource, content, folder)
        new.append(known[key])
        whole.report.was("verbatim", known[key], None)
        return "created"
    if row.content == content:
        return "unchanged"
    _refuse_elsewhere(row, resource, folder)
    if not row._state.adding:
        whole.report.was("verbatim", row, dict(row.content))
    row.content = content
    if not row._state.adding:
        row.save(update_fields=["content"])
    return "changed"


def _refuse_elsewhere(
    row: VerbatimResource, resource: transfer.VerbatimResource, folder: Record | None
) -> None:
    """What another record of the person keeps is not rewritten from here."""
    if row.record_id and row.record_id != (folder.pk if folder else None):
        raise DomainError(
            "Cet élément appartient déjà à un autre dossier. Importez-le dans l’établissement qui l’a reçu, "
            "ou corrigez sa clé.",
            code="key_elsewhere",
            place=f"{resource.type}[{resource.key}]",
        )


def _key(resource: transfer.VerbatimResource) -> str:
    """The owner's key, the type, its own key: two people may each have a « Salle bleue »."""
    key = " ".join(filter(None, (resource.owner, resource.type, resource.key)))
    if len(key) <= KEY_LENGTH:
        return key
    return f"{resource.type} {hashlib.sha256(key.encode()).hexdigest()}"


def _content(resource: transfer.VerbatimResource) -> Any:
    """What is kept: all but the technical names of the last journey, which no export says again."""
    if is_mention(resource):
        return dump(resource)
    node = orjson.loads(resource.json)
    meta = {name: part for name, part in node.pop("meta", {}).items() if name != "versionId"}
    # Sorted: another order of its elements does not make another resource.
    json = orjson.dumps(node | ({"meta": meta} if meta else {}), option=orjson.OPT_SORT_KEYS)
    return dump(replace(resource, full_url="", json=json.decode()))


def _row(
    key: str, resource: transfer.VerbatimResource, content: Any, record: Record | None
) -> VerbatimResource:
    return VerbatimResource(
        key=key, record=record, type=resource.type, profile=resource.profile[: PROFILE_LENGTH],
        content=content,
    )  # fmt: skip
