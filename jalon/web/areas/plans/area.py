"""The personalised project of a person."""

from jalon.plans.settings import REVIEW_DAYS
from jalon.staff.rules import Permission
from jalon.web.area import Area, Group, Tab

AREA = Area(
    name="plans",
    permissions=(
        Permission.READ_PLAN,
        Permission.WRITE_PLAN,
        Permission.SIGN_PLAN,
        Permission.SEND_DOCUMENT,
    ),
    tabs=(Tab(Group.PROJECT, "Projet personnalisé", "plan", Permission.READ_PLAN),),
    settings=(REVIEW_DAYS,),
    seen={
        "plan-open": "Projet, ouvert",
        "plan-edit": "Projet, à modifier",
        "plan-add": "Projet, à compléter",
        "plan-part": "Projet, à modifier",
        "plan-agree": "Projet, accord",
        "agreement": "Projet, accord à corriger",
        "plan-move": "Projet, état",
        "plan-sign": "Projet, signature",
        "plan-publish": "Projet, publication",
        "plan-review": "Projet, bilan",
        "plan-end": "Projet, fin",
        "plan-succeed": "Projet, suite",
    },
)
