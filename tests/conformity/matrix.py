"""What the passing tests prove of the requirements, and the page that says it."""

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from itertools import groupby

from tests.conformity.catalogue import Catalogue, Family, Requirement

Proofs = Mapping[str, frozenset[str]]  # requirement id → node ids of the tests that passed

STATES = {
    "covered": "couverte",
    "partial": "partielle",
    "library": "bibliothèque seulement",
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
  prouvent une part, en passant par un écran, une commande, une tâche ou un échange. **Bibliothèque
  seulement** : des tests prouvent une part du code, qu’aucun chemin du produit n’emprunte dans ces tests ;
  ce n’est pas tenu. **Manuelle** : à vérifier en suivant une page de `docs/`. **Hors champ** : ne concerne
  pas Jalon, la note dit pourquoi. **Prévue** : rien n’est prouvé.
"""


def state(row: Requirement, proofs: Proofs, through: Set[str]) -> str:
    """The status to show: a planned row that a test begins to prove is partial, or library code alone."""
    proven = proofs.get(row.id, frozenset())
    if row.status != "planned" or not proven:
        return row.status
    return "partial" if proven & through else "library"


def contradictions(catalogue: Catalogue, proofs: Proofs, through: Set[str]) -> list[str]:
    """Rows that claim more, or less, than the tests that passed. Only a full run can tell."""
    found = []
    for row in catalogue.rows():
        proven = proofs.get(row.id, frozenset())
        if row.status in ("covered", "partial"):
            if not proven:
                found.append(f"{row.id}: {row.status}, but no passing test claims it")
            elif not proven & through:
                found.append(f"{row.id}: {row.status}, but its tests call library code alone")
        if row.status == "out_of_scope" and proven:
            found.append(f"{row.id}: out of scope, but a test claims it")
    return found


def render(catalogue: Catalogue, proofs: Proofs, through: Set[str]) -> str:
    """The page `docs/conformite.md`, in French, ending with a newline; the same bytes for the same proofs."""
    parts = [PREAMBLE, _totals(catalogue, proofs, through)]
    for reference, families in groupby(catalogue.families, key=lambda family: family.reference):
        parts.append(f"## {reference}\n")
        parts += [_family(family, proofs, through) for family in families]
    return "\n".join(parts)


def _totals(catalogue: Catalogue, proofs: Proofs, through: Set[str]) -> str:
    lines = [
        "| ensemble | total | " + " | ".join(STATES.values()) + " |",
        "|---|" + "---:|" * (len(STATES) + 1),
    ]
    for reference, families in groupby(catalogue.families, key=lambda family: family.reference):
        group = list(families)
        rows = [row for family in group for row in family.rows]
        lines.append(_total(f"**{reference}**", rows, proofs, through))
        lines += [_total(family.title, family.rows, proofs, through) for family in group]
    return "\n".join(lines) + "\n"


def _total(title: str, rows: Iterable[Requirement], proofs: Proofs, through: Set[str]) -> str:
    counts = Counter(state(row, proofs, through) for row in rows)
    cells = [str(counts.total()), *(str(counts[name]) for name in STATES)]
    return f"| {title} | " + " | ".join(cells) + " |"


def _family(family: Family, proofs: Proofs, through: Set[str]) -> str:
    lines = [f"### {family.title}\n", "| exigence | résumé | état | tests | note |", "|---|---|---|---|---|"]
    lines += [_row(row, proofs, through) for row in family.rows]
    return "\n".join(lines) + "\n"


def _row(row: Requirement, proofs: Proofs, through: Set[str]) -> str:
    tests = "<br>".join(_short(test) for test in sorted(proofs.get(row.id, ())))
    cells = [row.id, row.summary, STATES[state(row, proofs, through)], tests, row.note]
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _short(node: str) -> str:
    """`tests/formats/test_soap.py::test_a_fault` → `formats/test_soap: a fault`."""
    path, _, name = node.partition("::")
    module = path.removeprefix("tests/").removesuffix(".py")
    return f"`{module}` {name.rpartition('::')[2].removeprefix('test_').replace('_', ' ')}"
