"""The usage indicators, with their proofs."""

from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Room

AREA = Area(
    name="indicators",
    prefix="indicateurs/",
    permissions=(Permission.READ_INDICATORS,),
    room=Room(
        label="Pilotage",
        icon="chart-column",
        url="indicators:index",
        permission=Permission.READ_INDICATORS,
        family=Family.STEER,
        rank=150,
        about="Indicateurs d’usage et leurs preuves",
        roles=frozenset({Role.PHYSICIAN, Role.DIRECTOR, Role.QUALITY_OFFICER}),
    ),
)
