"""« Exploitation »: whether the machine holds, for whoever runs it."""

from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Room

AREA = Area(
    name="operations",
    prefix="exploitation/",
    permissions=(Permission.WATCH_MACHINE,),
    room=Room(
        label="Exploitation",
        icon="activity",
        url="operations:index",
        permission=Permission.WATCH_MACHINE,
        family=Family.STEER,
        rank=195,
        about="Sauvegardes, tâches, certificats, disques, version",
        roles=frozenset({Role.ADMINISTRATOR}),
    ),
)
