"""The documents of a record: read, sent, and the record itself as a file."""

from jalon.staff.rules import Permission
from jalon.web.area import Area, Group, Tab

AREA = Area(
    name="documents",
    permissions=(
        Permission.READ_DOCUMENTS,
        Permission.SEND_DOCUMENT,
        Permission.TRANSFER_RECORDS,
        Permission.OPEN_RECORD,
    ),
    tabs=(Tab(Group.DOCUMENTS, "Documents", "documents", Permission.READ_DOCUMENTS),),
    seen={
        "document": "Document",
        "file": "Fichier d’un document",
        "joined": "Fichier joint à un document",
        "decide": "Envoi, décision",
        "export": "Export du dossier",
    },
)
