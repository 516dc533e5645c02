"""Who opened a record."""

from jalon.staff.rules import Permission
from jalon.web.area import Area, Group, Tab

AREA = Area(
    name="accesses",
    permissions=(Permission.READ_ACCESSES,),
    tabs=(Tab(Group.ACCESSES, "Accès au dossier", "accesses", Permission.READ_ACCESSES),),
)
