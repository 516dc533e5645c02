"""The documents of a record: read, added, sent, and the record itself as a file."""

from jalon.staff.rules import Permission
from jalon.web.area import Area, Group, Tab

AREA = Area(
    name="documents",
    permissions=(
        Permission.READ_DOCUMENTS,
        Permission.ADD_DOCUMENT,
        Permission.SEND_DOCUMENT,
        Permission.TRANSFER_RECORDS,
        Permission.OPEN_RECORD,
    ),
    tabs=(Tab(Group.DOCUMENTS, "Documents", "documents", Permission.READ_DOCUMENTS),),
    seen={
        "document": "Document",
        "document-add": "Document, à ajouter",
        "document-take-back": "Document, à retirer",
        "file": "Fichier d’un document",
        "joined": "Fichier joint à un document",
        "decide": "Envoi, décision",
        "export": "Export du dossier",
    },
)
