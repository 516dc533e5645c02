"""The agenda, of a place and of a person."""

from jalon.staff.rules import Permission, Role
from jalon.web.area import Area, Family, Group, Room, Tab

AREA = Area(
    name="agenda",
    prefix="agenda/",
    permissions=(Permission.READ_AGENDA, Permission.WRITE_AGENDA),
    room=Room(
        label="Agenda",
        icon="calendar-days",
        url="agenda:week",
        permission=Permission.READ_AGENDA,
        family=Family.DAILY,
        rank=40,
        about="La semaine de chacun",
        roles=frozenset(
            {
                Role.NURSE,
                Role.CARE_WORKER,
                Role.AES,
                Role.DIETICIAN,
                Role.EDUCATOR,
                Role.PSYCHOLOGIST,
                Role.SECRETARY,
                Role.TEAM_LEAD,
            }
        ),
    ),
    tabs=(Tab(Group.DAILY, "Agenda", "agenda", Permission.READ_AGENDA),),
    seen={"event-add": "Agenda, à compléter", "event": "Agenda, à modifier"},
)
