"""The people around the person."""

from jalon.staff.rules import Permission
from jalon.web.area import Area, Group, Tab

AREA = Area(
    name="circle",
    permissions=(Permission.OPEN_RECORD, Permission.EDIT_PERSON),
    tabs=(Tab(Group.CIRCLE, "Entourage", "circle", Permission.OPEN_RECORD),),
    seen={
        "contact-add": "Entourage, à compléter",
        "contact": "Entourage, à modifier",
        "measure-add": "Mesure de protection, à ajouter",
        "measure": "Mesure de protection, à modifier",
        "parent-add": "Autorité parentale, à ajouter",
        "parent": "Autorité parentale, à modifier",
    },
)
