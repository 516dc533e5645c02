"""Which professional holds a role: a transfer may name either, a column points at the professional."""

from collections.abc import Iterable

from jalon.formats.tddui.values import Link
from jalon.staff.models import Function


class Holders(dict[str, str]):
    """Key of a role → key of the professional who holds it, `""` when nobody does; looked up once."""

    def load(self, roles: Iterable[str]) -> None:
        """Look up several at once."""
        wanted = {role for role in roles if role not in self}
        self.update(dict.fromkeys(wanted, ""))
        if wanted:
            found = Function.objects.filter(key__in=wanted, professional__isnull=False)
            self.update(found.values_list("key", "professional__key"))

    def __missing__(self, role: str) -> str:
        self.load([role])
        return self[role]


def target_key(link: Link | None, to: str, holders: Holders) -> str:
    """The key of the row a link leads to; `holders`: who holds each role that may be named instead."""
    if link is None:
        return ""
    if link.to == "PractitionerRole" and to == "Practitioner":
        return holders[link.key]
    return link.key if link.to == to else ""
