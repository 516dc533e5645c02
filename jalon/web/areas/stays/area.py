"""The stays of a person."""

from jalon.staff.rules import Permission
from jalon.web.area import Area, Group, Tab

AREA = Area(
    name="stays",
    permissions=(Permission.OPEN_RECORD, Permission.EDIT_PERSON),
    tabs=(Tab(Group.ADMINISTRATIVE, "Séjours", "stays", Permission.OPEN_RECORD, rank=2),),
    seen={
        "stay-add": "Séjours, à compléter",
        "stay": "Séjours, à modifier",
        "placing": "Unité, chambre et référent",
    },
)
