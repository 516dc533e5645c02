"""« Réglages »: what holds in each establishment, where it comes from, and who set it."""

from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Room

AREA = Area(
    name="settings",
    prefix="reglages/",
    permissions=(Permission.MANAGE_SETTINGS, Permission.CHANGE_RIGHTS),
    room=Room(
        label="Réglages",
        icon="settings",
        url="settings:index",
        permission=Permission.MANAGE_SETTINGS,
        family=Family.STEER,
        rank=190,
        about="Établissements, unités, mots, modules, périodes",
        roles=frozenset({Role.ADMINISTRATOR}),
    ),
)
