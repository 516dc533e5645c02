"""What a person should look at after an import: identities, above all."""

from collections.abc import Iterator, Sequence

from django.db.models import Q

from jalon.core.errors import DomainError
from jalon.core.identifiers import parse_ins
from jalon.db.bulk import insert
from jalon.exchange.models import ReceivedIns
from jalon.formats.tddui.classes.person import PersonData
from jalon.people.models import Person, ins_digest
from jalon.people.rules import same_traits

OLDEST = 130
"""Years that nobody has outlived."""
Pairs = Sequence[tuple[PersonData, Person]]


def notices(pairs: Pairs, year: int) -> list[str]:
    """Sentences about the people of files; people are named by their keys. `year`: the present one."""
    held = (_set_aside, _wrong, _shared_ins, _twins, _dead)
    return [*(sentence for each in held for sentence in each(pairs)), *_impossible(pairs, year)]


def _set_aside(pairs: Pairs) -> Iterator[str]:
    count = sum(1 for told, row in pairs if told.received_ins and not row.ins_digest)
    if count == 1:
        yield "Un matricule INS reçu est mis de côté : l’identité reste à vérifier par INSi."
    elif count:
        yield f"{count} matricules INS reçus sont mis de côté : les identités restent à vérifier par INSi."


def _wrong(pairs: Pairs) -> Iterator[str]:
    """A matricule that none can be: set aside as any other, and said."""
    for told, row in pairs:
        for held in told.received_ins:
            try:
                parse_ins(held.value)
            except DomainError:
                yield f"Le matricule INS reçu pour {row.key} est faux (forme ou clé) : il est mis de côté."


def _shared_ins(pairs: Pairs) -> Iterator[str]:
    """One matricule, several people: those of this file, and those who received it before."""
    holders: dict[str, set[str]] = {}
    for told, row in pairs:
        for digest in digests_of(told):
            holders.setdefault(digest, set()).add(row.key)
    before = ReceivedIns.objects.filter(digest__in=holders) if holders else None
    for digest, key in before.values_list("digest", "person__key") if before is not None else ():
        holders[digest].add(key)
    for keys in holders.values():
        if len(keys) > 1:
            yield (
                f"Un même matricule INS est reçu pour plusieurs personnes ({', '.join(sorted(keys))}). "
                "Signalez-le à la référente identitovigilance."
            )


def digests_of(told: PersonData) -> set[str]:
    """The keyed hashes of the matricules that a file tells of somebody."""
    return {ins_digest(held.value) for held in told.received_ins} - {""}


def keep_received(pairs: Pairs) -> list[ReceivedIns]:
    """Note which matricules came for whom, once each; those that are new."""
    told = {(row.pk, digest) for data, row in pairs for digest in digests_of(data)}
    people = {person for person, _ in told}
    known = ReceivedIns.objects.filter(person__in=people).values_list("person_id", "digest") if told else ()
    new = [ReceivedIns(person_id=person, digest=digest) for person, digest in sorted(told - set(known))]
    insert(new)
    return new


def _impossible(pairs: Pairs, year: int) -> Iterator[str]:
    """A day of birth that nobody alive can have."""
    for _, row in pairs:
        if row.birth_date and not 0 <= year - row.birth_date.year <= OLDEST:
            yield (
                f"La date de naissance de {row.key} ({row.birth_date:%d/%m/}{row.birth_date.year:04}) "
                "est impossible : vérifiez-la sur sa page Identité."
            )


def _twins(pairs: Pairs) -> Iterator[str]:
    """A new person who may be somebody known here under another key: never merged by a file."""
    new = [(row, digests_of(told)) for told, row in pairs if row._state.adding]
    dates = {row.birth_date for row, _ in new if row.birth_date}
    digests = {digest for _, found in new for digest in found} - {""}
    # No matricule is read, nor what was received: the digest and the sorting key are enough.
    known = Person.objects.filter(Q(birth_date__in=dates) | Q(ins_digest__in=digests)).defer(
        "ins", "received"
    )
    others = list(known) if new else []
    for row, found in new:
        for other in others:
            if (other.ins_digest and other.ins_digest in found) or _alike(row, other):
                yield (
                    f"{row.key} est peut-être une personne déjà connue ({other.key}). "
                    "Signalez le doublon à la référente identitovigilance."
                )


def _alike(row: Person, other: Person) -> bool:
    if row.birth_date is None or row.birth_date != other.birth_date:
        return False
    return same_traits(row.traits, other.traits)


def _dead(pairs: Pairs) -> Iterator[str]:
    for told, row in pairs:
        if told.deceased and not row.died_on:
            yield f"{row.key} est dite décédée, sans date. Complétez la date de décès."
