"""What everyone must know before acting with a person."""

from jalon.staff.rules import Permission
from jalon.web.area import Area

AREA = Area(
    name="vigilances",
    permissions=(Permission.READ_DAILY, Permission.WRITE_NOTE),
    seen={
        "vigilances": "Vigilances",
        "vigilance-add": "Vigilances, à compléter",
        "vigilance": "Vigilances, à modifier",
        "vigilance-end": "Vigilances, à terminer",
    },
)
