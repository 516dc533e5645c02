"""Every component in every state, for those who draw and for the tests."""

from jalon.web.area import Area

AREA = Area(name="components", prefix="_composants/")
