"""The record itself: the thread, a note to write, the INS to show."""

from jalon.staff.rules import Permission
from jalon.web.area import Area, Group, Tab

AREA = Area(
    name="record",
    permissions=(
        Permission.OPEN_RECORD,
        Permission.READ_INS,
        Permission.READ_NOTES,
        Permission.WRITE_NOTE,
        Permission.READ_AGENDA,
        Permission.READ_PLAN,
        Permission.READ_DOCUMENTS,
    ),
    tabs=(Tab(Group.SUMMARY, "Synthèse", "summary", Permission.OPEN_RECORD),),
    seen={
        "note": "Transmission, écrite",
        "note-withdraw": "Transmission, retirée",
        "note-answer": "Transmission, à répondre",
        "note-correct": "Transmission, à corriger",
        "reveal-ins": "INS affichée",
    },
)
