"""« Plus »: every room, and why some are closed."""

from jalon.staff.rules import Permission
from jalon.web.area import Area

AREA = Area(name="rooms", prefix="pieces/", permissions=(Permission.ENTER,))
