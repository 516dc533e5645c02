"""The address book: structures and professionals of elsewhere."""

from jalon.staff.rules import Permission
from jalon.web.area import Area, Family, Room

AREA = Area(
    name="directory",
    prefix="carnet/",
    permissions=(Permission.OPEN_RECORD, Permission.EDIT_PERSON),
    room=Room(
        label="Carnet",
        icon="book-open",
        url="directory:list",
        permission=Permission.OPEN_RECORD,
        family=Family.EXCHANGE,
        rank=125,
        about="Professionnels et structures d’ailleurs",
    ),
)
