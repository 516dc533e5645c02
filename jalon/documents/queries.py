"""Documents that somebody may read."""

from collections.abc import Collection

from django.db.models import Q

from jalon.documents.kinds import CLASSES
from jalon.staff.rules import ContentClass


def of_classes(classes: Collection[ContentClass]) -> Q:
    """Documents whose type is of these classes; a type that no table names is of health."""
    if ContentClass.HEALTH in classes:
        return ~Q(type_code__in=[code for code, content in CLASSES.items() if content not in classes])
    return Q(type_code__in=[code for code, content in CLASSES.items() if content in classes])
