"""What the passing tests prove of the requirements, and the page that says it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import groupby

from tests.conformity.catalogue import Catalogue, Family, Requirement

Proofs = Mapping[str, frozenset[str]]  # requirement id → node ids of the tests that passed

STATES = {
    "covered": "couverte",
    "partial": "partielle",
    "manual": "manuelle",
    "out_of_scope": "hors champ",
    "planned": "prévue",
}
PREAMBLE = """# Conformité : ce que les tests prouvent

<!-- Page produite par la suite de tests (`--conformity`), jamais écrite à la main. -->

Cette page dit ce que les tests de ce dépôt prouvent, face à des simulateurs et à des exemples publiés, et
rien d’autre.

- Jalon n’a **aucune homologation, aucun agrément, aucun référencement**. Il n’a jamais rencontré les bancs
  d’essai nationaux. Chaque page de `docs/interop/` le redit pour son service.
- Les exigences sont résumées **avec nos mots** ; seul le texte officiel fait foi. La liste suit des
  brouillons publics de la vague 2 du Ségur ; le dossier officiel du couloir médico-social n’a pas été vu.
- **Couverte** : des tests prouvent toute l’exigence, telle que résumée ici. **Partielle** : des tests en
  prouvent une part. **Manuelle** : à vérifier en suivant une page de `docs/`. **Hors champ** : ne concerne
  pas Jalon, la note dit pourquoi. **Prévue** : rien n’est prouvé.
"""


def state(row: Requirement, proofs: Proofs) -> str:
    """The status to show: a planned row that a test begins to prove is partial."""
    return "partial" if row.status == "planned" and proofs.get(row.id) else row.status


def contradictions(catalogue: Catalogue, proofs: Proofs) -> list[str]:
    """Rows that claim more, or less, than the tests that passed. Only a full run can tell."""
    found = []
    for row in catalogue.rows():
        proven = bool(proofs.get(row.id))
        if row.status in ("covered", "partial") and not proven:
            found.append(f"{row.id}: {row.status}, but no passing test claims it")
        if row.status == "out_of_scope" and proven:
            found.append(f"{row.id}: out of scope, but a test claims it")
    return found


def render(catalogue: Catalogue, proofs: Proofs) -> str:
    """The page `docs/conformite.md`, in French, ending with a newline; the same bytes for the same proofs."""
    parts = [PREAMBLE, _totals(catalogue, proofs)]
    for reference, families in groupby(catalogue.families, key=lambda family: family.reference):
        parts.append(f"## {reference}\n")
        parts += [_family(family, proofs) for family in families]
    return "\n".join(parts)


def _totals(catalogue: Catalogue, proofs: Proofs) -> str:
    lines = [
        "| ensemble | total | " + " | ".join(STATES.values()) + " |",
        "|---|" + "---:|" * (len(STATES) + 1),
    ]
    for reference, families in groupby(catalogue.families, key=lambda family: family.reference):
        group = list(families)
        rows = [row for family in group for row in family.rows]
        lines.append(_total(f"**{reference}**", rows, proofs))
        lines += [_total(family.title, family.rows, proofs) for family in group]
    return "\n".join(lines) + "\n"


def _total(title: str, rows: Iterable[Requirement], proofs: Proofs) -> str:
    counts = Counter(state(row, proofs) for row in rows)
    cells = [str(counts.total()), *(str(counts[name]) for name in STATES)]
    return f"| {title} | " + " | ".join(cells) + " |"


def _family(family: Family, proofs: Proofs) -> str:
    lines = [f"### {family.title}\n", "| exigence | résumé | état | tests | note |", "|---|---|---|---|---|"]
    lines += [_row(row, proofs) for row in family.rows]
    return "\n".join(lines) + "\n"


def _row(row: Requirement, proofs: Proofs) -> str:
    tests = "<br>".join(_short(test) for test in sorted(proofs.get(row.id, ())))
    cells = [row.id, row.summary, STATES[state(row, proofs)], tests, row.note]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _short(node: str) -> str:
    """`tests/formats/test_soap.py::test_a_fault` → `formats/test_soap: a fault`."""
    path, _, name = node.partition("::")
    module = path.removeprefix("tests/").removesuffix(".py")
    return f"`{module}` {name.rpartition('::')[2].removeprefix('test_').replace('_', ' ')}"
