"""What the person accepts or opposes: sending to the DMP, to Mon espace santé, sharing in the team."""

from jalon.staff.rules import Permission
from jalon.web.area import Area, Group, Tab

AREA = Area(
    name="rights",
    permissions=(Permission.OPEN_RECORD, Permission.EDIT_PERSON),
    tabs=(Tab(Group.ADMINISTRATIVE, "Droits", "rights", Permission.OPEN_RECORD, rank=3),),
)
