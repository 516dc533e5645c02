"""« Plus »: every room, and why some are closed."""

from jalon.staff.models import Permission
from jalon.web.area import Area

AREA = Area(name="rooms", prefix="pieces/", permissions=(Permission.ENTER,))
