"""`jalon groups`: where each managing body is served, by the routing table and by what the databases hold."""

from dataclasses import dataclass

from jalon.commands.context import AsJson, answer, connect


@dataclass(frozen=True)
class Line:
    """A managing body of a group: in its database, in the table, or in both."""

    group: str
    finess: str
    name: str
    told: bool
    there: bool

    @property
    def sentence(self) -> str:
        if not self.there:
            return f"{self.finess} : dans la table, absent de la base"
        return f"{self.finess} {self.name} : " + ("servi" if self.told else "dans la base, servi ailleurs")


def groups(as_json: AsJson = False) -> None:
    """Dit les groupes d’organismes, leurs noms d’hôte, et qui est servi où."""
    connect()
    from django.conf import settings

    from jalon.db.groups import each

    found, lines = {}, []
    for group in each():
        if not group:
            continue
        hosts, bodies = sorted(settings.GROUPS[group].hosts), _bodies(group)
        found[group] = {"hosts": hosts, "bodies": [vars(one) for one in bodies]}
        lines += [f"{group} ({', '.join(hosts)})", *(f"  {one.sentence}" for one in bodies)]
    answer(found, lines or ["Une seule base : JALON_GROUPS n’est pas réglé."], as_json=as_json)


def _bodies(group: str) -> list[Line]:
    from django.conf import settings

    from jalon.organizations.models import ManagingBody

    told = settings.GROUPS[group].bodies
    there = dict(ManagingBody.objects.order_by("finess").values_list("finess", "name"))
    known = [Line(group, finess, name, finess in told, True) for finess, name in there.items()]
    return known + [Line(group, finess, "", True, False) for finess in sorted(told - there.keys())]
