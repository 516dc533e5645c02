"""What the page of components shows: invented people and facts, in the shapes that the real views give."""

import datetime as dt
import uuid
import zoneinfo
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any, Final

from django import forms
from django.contrib.messages import ERROR, SUCCESS
from django.contrib.messages.storage.base import Message
from markupsafe import Markup

from jalon.care.models import Family
from jalon.core.moment import Moment
from jalon.faces.marks import Difference
from jalon.faces.paging import Leaf
from jalon.faces.wrong import PlainWords
from jalon.records.models import Record
from jalon.web.areas.components import handed_over
from jalon.web.shown.deliveries import way
from jalon.web.shown.papers import Joined, Paper
from jalon.web.shown.part import EVERYBODY, MINE, Part
from jalon.web.shown.person import Badge, Banner
from jalon.web.shown.thread import by_day
from jalon.web.shown.week import CLOSES, DAYS, OPENS

NOW: Final = dt.datetime(2026, 11, 24, 15, 5, tzinfo=zoneinfo.ZoneInfo("Europe/Paris"))
MONDAY: Final = dt.date(2026, 11, 23)
RECORD: Final = SimpleNamespace(pk=uuid.UUID(int=1), room="12", key_worker="Inès Bourrache")


@dataclass(frozen=True)
class Author:
    """A professional, as templates print one."""

    first_name: str = "Inès"
    last_name: str = "Bourrache"

    def __str__(self) -> str:
        return f"{self.first_name} {self.last_name}"


AUTHOR: Final = Author()


class Sample(PlainWords, forms.Form):
    """One field of each kind."""

    name = forms.CharField(label="Nom", help_text="Comme sur la pièce d’identité.")
    day = forms.DateField(
        label="Date", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    sex = forms.ChoiceField(
        label="Sexe", choices=[("F", "féminin"), ("M", "masculin")], widget=forms.RadioSelect
    )
    unit = forms.ChoiceField(label="Unité", choices=[("", "Choisir"), ("v", "Verger"), ("r", "Rivière")])
    text = forms.CharField(label="Ce qui s’est passé", widget=forms.Textarea(attrs={"rows": 2}))
    agreed = forms.BooleanField(label="Camille est d’accord pour le partage")


def page() -> dict[str, Any]:
    """Everything the page needs."""
    wrong = Sample({"name": "", "text": ""})
    wrong.is_valid()
    return {
        "tones": TONES,
        "kinds": KINDS,
        "form": Sample(prefix="ok", initial={"day": MONDAY}),
        "wrong": wrong,
        "differences": [Difference("Lieu", "Salle bleue", "Salle verte"), Difference("Note", "vide", "")],
        "leaf": Leaf(rows=[], first=51, last=100, total=112, former="#c-offline", following="#c-offline"),
        "part": _part(),
        "after": [Message(SUCCESS, "Publié."), Message(ERROR, "La page a expiré. Rechargez-la.")],
        "paper": _paper(),
        **_figures(),
        **_record(),
    }


def _part() -> Part:
    choices = ((MINE, "Mes personnes (12)"), ("secteur-1", "Secteur 1"), (EVERYBODY, "Toutes les unités"))
    return Part(Record.objects.none(), MINE, total=12, place=3_204, mine=12, choices=choices)


def _paper() -> Paper:
    """A received report, with its table and a joined picture."""
    row = "<tr><th scope='row'>Glycémie</th><td>5,2 mmol/l</td></tr>"
    text = f"<article class='cda'><div class='cda-table'><table><tbody>{row}</tbody></table></div></article>"
    joined = Joined("cda-file-exemple", "Image jointe", "/static/logo.svg", image=True)
    return Paper("Compte rendu", Markup(text), "", (joined,))  # noqa: S704  written above


TONES: Final = (
    ("neutre", "Neutre"),
    ("info", "Information"),
    ("ok", "Fait"),
    ("alerte", "À surveiller"),
    ("danger", "Danger"),
    ("lagune", "En cours"),
    *Family.choices,
)
KINDS: Final = (
    ("plein", "Publier"),
    ("trait", "Imprimer"),
    ("doux", "J’ai lu"),
    ("nu", "Répondre"),
    ("danger", "Retirer"),
)


def _figures() -> dict[str, Any]:
    return {
        "rates": [
            {
                "label": "Dossiers actifs",
                "value": 93,
                "text": "93 %",
                "target": 90,
                "reached": True,
                "cells": [56, 60],
            },
            {
                "label": "Messagerie",
                "value": 12,
                "text": "12 %",
                "target": 70,
                "reached": False,
                "cells": [7, 56],
            },
        ],
        "steps": [
            {"label": "Souhaits de Camille", "small": "8 janvier", "state": "fait"},
            {"label": "Signature", "small": "12 février", "state": "fait"},
            {"label": "Suivi", "small": "9 mois", "state": "encours"},
            {"label": "Bilan", "small": "28 janvier 2027", "state": ""},
        ],
        "deliveries": _deliveries(),
    }


def _deliveries() -> list[dict[str, Any]]:
    steps = [
        {"at": NOW, "label": "préparé", "detail": "", "technical": ""},
        {
            "at": NOW,
            "label": "refusé",
            "detail": "Le DMP ne connaît pas cette personne.",
            "technical": "XDSUnknownPatientId",
        },
    ]
    return [
        {
            "destination": "DMP",
            "state": "refusé",
            "tone": "danger",
            "icon": "ban",
            "way": way("refused"),
            "steps": steps,
            "silent": None,
        },
        {
            "destination": "MSSanté",
            "state": "acquitté",
            "tone": "ok",
            "icon": "check-check",
            "way": way("acknowledged"),
            "steps": steps[:1],
            "silent": None,
        },
    ]


def _record() -> dict[str, Any]:
    return {
        "record": RECORD,
        "banner": _banner(),
        "groups": _groups(),
        "ins_shown": False,
        "may_show_ins": True,
        "sees_vigilances": True,
        "author": {"id": "exemple"},
        "families": Family.choices,
        "sees_notes": True,
        "sees_all": True,
        "function": "éducatrice",
        "folded": False,
        "family": "",
        "usual": "educ",
        "mine": None,
        "may_write": False,
        "older": 50,
        "days": by_day(
            [_note(Family.HEALTH, targeted=True), _note(Family.EDUCATION)], [_document()], Moment(NOW)
        ),
        "columns": _columns(),
        "loose_actions": [],
        "may_write_plan": False,
        "week": _week(),
        "add_event": "#t-sem",
        "person": _told(),
        "kept": "",
        "may_act": True,
        "tasks": list(handed_over.tasks()),
        "told_news": list(handed_over.news()),
    }


def _groups() -> list[dict[str, Any]]:
    pages = [
        {"label": label, "url": "#nom-usager", "current": label == "Séjours"}
        for label in ("Identité", "Séjours")
    ]
    shown: tuple[tuple[str, str, list[dict[str, Any]]], ...] = (
        ("Synthèse", "layout-list", pages[:1]),
        ("Administratif", "id-card", pages),
        ("Accès", "lock", []),
    )
    return [
        {
            "label": label,
            "icon": icon,
            "url": "#nom-usager",
            "locked": not own,
            "current": label == "Administratif",
            "pages": own,
        }
        for label, icon, own in shown
    ]


def _banner() -> Banner:
    return Banner(
        person_id=RECORD.pk,
        last_name="NOISETIER",
        first_name="Camille",
        birth_name="FICTIVE",
        familiar="Camille",
        initials="CN",
        photo="",
        born="14 mars 1998",
        age="28 ans",
        died="",
        sex="F",
        born_word="Née le",
        place="Rennes (35)",
        status="qualified",
        doubtful=False,
        ins="251059999900109",
        badges=(
            Badge("Allergie : pénicilline", "danger", "triangle-alert"),
            Badge("Fausse route : texture mixée", "alerte", "utensils"),
            Badge("Curatelle renforcée, UDAF de l’Exemple", "neutre", "scale"),
        ),
    )


def _note(family: Family, *, targeted: bool = False) -> dict[str, Any]:
    return {
        "id": uuid.UUID(int=2),
        "written_at": NOW,
        "family": family.value,
        "title": "Pansement, cheville droite" if targeted else "Trajet en bus, ligne 7",
        "important": targeted,
        "withdrawn_at": None,
        "former": [],
        "replies": [],
        "tasks": [],
        "answers_id": None,
        "record_id": RECORD.pk,
        "author_id": None,
        "rank": 0,
        "day": "hier",
        "readers": ["Inès Bourrache"] if targeted else [],
        "data": "Plaie propre, 2 cm." if targeted else "",
        "actions": "Lavage, pansement refait." if targeted else "",
        "result": "Contrôle jeudi matin." if targeted else "",
        "text": "" if targeted else "Camille a validé son ticket seule et demandé l’arrêt.",
        "author__first_name": AUTHOR.first_name,
        "author__last_name": AUTHOR.last_name,
        "author__job": "éducatrice spécialisée",
    }


def _document() -> dict[str, Any]:
    return {
        "document_id": uuid.UUID(int=3),
        "written_at": NOW - dt.timedelta(days=1),
        "family": "neutre",
        "icon": "file-text",
        "title": "Compte rendu de neurologie reçu",
        "author": "Dr Exemple, CHU",
        "author_id": None,
        "important": False,
        "withdrawn_at": None,
        "former": [],
        "replies": [],
        "tasks": [],
    }


def _told() -> dict[str, Any]:
    notes = [_note(Family.HEALTH, targeted=True), _note(Family.EDUCATION)]
    return {
        "id": RECORD.pk,
        "name": "Camille NOISETIER",
        "initials": "CN",
        "small": "Chambre 12",
        "vigilances": [("Allergie : pénicilline", "danger", "triangle-alert")],
        "notes": [
            {**note, "icon": "heart-pulse", "author": "Inès Bourrache", "is_read": bool(number)}
            for number, note in enumerate(notes)
        ],
    }


def _columns() -> list[dict[str, Any]]:
    done = SimpleNamespace(
        title="Lire la fiche en images", status="TERMINE", responsible=AUTHOR, ends_on=None
    )
    ahead = SimpleNamespace(title="Le changement place Hoche", status="ACTIF", responsible=None, ends_on=None)
    goal = SimpleNamespace(
        title="« Je veux prendre le bus toute seule. »",
        expected="Un trajet seule par semaine",
        opinion="ça va bien",
        due_on=dt.date(2027, 1, 28),
        responsible=AUTHOR,
    )
    return [
        {"title": "À lancer", "tone": "neutre", "icon": "inbox", "goals": []},
        {
            "title": "En cours",
            "tone": "lagune",
            "icon": "play",
            "goals": [{"goal": goal, "actions": [done, ahead]}],
        },
    ]


def _week() -> dict[str, Any]:
    """One event that goes on for days, two at once, one that is planned."""
    days = [MONDAY + dt.timedelta(days=number) for number in range(7)]
    grid = [_event(2, 36, 5, lane=lane, lanes=2) for lane in (0, 1)]
    grid.append(_event(4, 52, 6, planned=True, label="Trajet en bus", type_code="2.3.4"))
    said = "du mercredi 25 novembre à 10 h au vendredi 27 novembre à 18 h"
    long = _event(3, 40, 56, label="Chez sa sœur", type_code="", long=True, lasts=said)
    return {
        "title": "23 au 29 novembre 2026",
        "previous": "2026-11-16",
        "next": "2026-11-30",
        "days": [
            {
                "name": name,
                "number": day.day,
                "column": number,
                "today": number == 2,
                "date": day,
                "past": number < 2,
            }
            for number, (name, day) in enumerate(zip(DAYS, days, strict=True), start=1)
        ],
        "events": [*grid[:2], long, grid[2]],
        "grid": grid,
        "bands": [{**long, "span": 3}],
        "early": False,
        "late": False,
        "hours": [{"label": f"{hour} h", "row": hour * 4} for hour in (0, *range(OPENS, CLOSES + 1))],
        "now": {"column": 2, "row": 60, "at": NOW},
    }


def _event(column: int, row: int, length: int, **changes: Any) -> dict[str, Any]:
    return {
        "label": "Pansement",
        "starts_at": NOW,
        "ends_at": NOW,
        "clock": "15:05",
        "lasts": "",
        "begins": True,
        "over": False,
        "long": False,
        "type_code": "2.1.1",
        "place": "Salle bleue",
        "who": "",
        "href": "#t-sem",
        "column": column,
        "row": row,
        "length": length,
        "lane": 0,
        "lanes": 1,
        "day": DAYS[column - 1],
        "planned": False,
        "status": "TERMINE",
        **changes,
    }
