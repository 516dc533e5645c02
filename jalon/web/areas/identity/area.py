"""The identity of a person, and what raises its status."""

from jalon.staff.rules import Permission
from jalon.web.area import Area, Group, Tab

AREA = Area(
    name="identity",
    permissions=(Permission.OPEN_RECORD, Permission.EDIT_PERSON, Permission.QUALIFY_IDENTITY),
    tabs=(Tab(Group.ADMINISTRATIVE, "Identité", "identity", Permission.OPEN_RECORD),),
    seen={
        "person-edit": "Identité, à modifier",
        "photo": "Photo, à montrer",
        "photo-hide": "Photo, à retirer",
        "photo-picture": "Photo",
    },
)
