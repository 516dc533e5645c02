"""Which professional holds a role: a transfer may name either, a column points at the professional."""

from collections.abc import Iterable

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
