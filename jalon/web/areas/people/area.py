"""The people one may see: list, search, welcome."""

from jalon.staff.rules import OPENS, Permission
from jalon.web.area import Area, Command, Family, Room

AREA = Area(
    name="people",
    prefix="usagers/",
    permissions=(Permission.LIST_RECORDS, Permission.EDIT_PERSON),
    room=Room(
        label="Usagers",
        people=True,
        icon="users",
        url="people:list",
        permission=Permission.LIST_RECORDS,
        family=Family.PEOPLE,
        rank=50,
        about="Qui est accompagné ici",
        roles=OPENS,
    ),
    commands=(Command("Accueillir une personne", "user-plus", "people:new", Permission.EDIT_PERSON),),
)
