"""Who works here."""

from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Room

AREA = Area(
    name="staff",
    prefix="comptes/",
    permissions=(Permission.MANAGE_STAFF,),
    room=Room(
        label="Comptes",
        icon="id-card",
        url="staff:list",
        permission=Permission.MANAGE_STAFF,
        family=Family.STEER,
        rank=185,
        about="Qui travaille ici, avec quelle fonction",
        roles=frozenset({Role.ADMINISTRATOR}),
    ),
)
