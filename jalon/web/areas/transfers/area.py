"""Records brought in from another software."""

from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Room

AREA = Area(
    name="transfers",
    prefix="transferts/",
    permissions=(Permission.TRANSFER_RECORDS,),
    room=Room(
        label="Transferts",
        icon="share-2",
        url="transfers:import",
        permission=Permission.TRANSFER_RECORDS,
        family=Family.EXCHANGE,
        rank=128,
        about="Dossiers venus d’un autre logiciel",
        roles=frozenset({Role.ADMINISTRATOR}),
    ),
)
