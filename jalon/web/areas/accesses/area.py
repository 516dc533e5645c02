"""Who opened a record, and to whom it is open for a time."""

from jalon.staff.rules import Permission
from jalon.web.area import Area, Group, Tab

AREA = Area(
    name="accesses",
    permissions=(Permission.READ_ACCESSES, Permission.GRANT_ACCESS),
    tabs=(Tab(Group.ACCESSES, "Accès au dossier", "accesses", Permission.READ_ACCESSES),),
    seen={"grant": "Dossier ouvert à quelqu’un", "grant-end": "Dossier ouvert à quelqu’un, repris"},
)
