"""« Ma journée »: where everybody begins."""

from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Room

AREA = Area(
    name="home",
    prefix="ma-journee/",
    permissions=(Permission.ENTER, Permission.LIST_RECORDS, Permission.READ_AGENDA),
    room=Room(
        label="Ma journée",
        icon="house",
        url="home:day",
        permission=Permission.ENTER,
        family=Family.DAILY,
        rank=10,
        about="Ce qui m’attend maintenant",
        roles=frozenset(Role),
    ),
)
