"""The address book: structures and professionals of elsewhere, searched, added, kept up to date."""

from typing import Any

from django.db.models import Model, Prefetch, Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from jalon.db.search import named
from jalon.faces.http import Request
from jalon.faces.paging import leaf
from jalon.organizations.models import Establishment, Structure
from jalon.records import directory
from jalon.staff.models import Function, Professional
from jalon.staff.queries import outsiders
from jalon.staff.rules import NO_CONTENT, Permission
from jalon.terminology import code_system, value_set
from jalon.web.areas.directory.forms import FunctionForm, NewFunctionForm, ProfessionalForm, StructureForm
from jalon.web.gate import ProfessionalView
from jalon.web.standalone import StandaloneForm


class Directory(ProfessionalView):
    """Who is known outside the house."""

    permission = Permission.OPEN_RECORD
    content = NO_CONTENT

    def get(self, request: Request) -> HttpResponse:
        words = request.GET.get("q", "").strip()
        functions = Prefetch("functions", Function.objects.select_related("structure").order_by("pk"))
        structures = named(Structure.objects.order_by("name", "key"), words, "name", "city")
        people = named(outsiders(), words, "last_name", "first_name")
        people = people.prefetch_related(functions).order_by("last_name", "first_name", "pk")
        places, known = leaf(request, structures, "structures"), leaf(request, people, "pros")
        context = {
            "q": words,
            "structures": [_structure(row) for row in places.rows],
            "professionals": [_professional(row) for row in known.rows],
            "structure_pages": places,
            "professional_pages": known,
            "may_edit": self.actor.may(Permission.EDIT_PERSON),
        }
        return render(request, "directory/list.html", context, using="jinja2")


def _structure(row: Structure) -> dict[str, Any]:
    return {"row": row, "kind": code_system("TRE_R66").label(row.kind)}


def _professional(row: Professional) -> dict[str, Any]:
    return {"row": row, "functions": [_function(one) for one in row.functions.all()]}


def _function(row: Function) -> dict[str, Any]:
    said = (value_set("JDV_J01").label(row.profession), value_set("JDV_J47").label(row.role))
    return {"row": row, "label": ", ".join(filter(None, said)) or "Fonction à préciser"}


class Add(StandaloneForm):
    """A form of the address book, on a blank row. The number drawn is of the house of whoever notes it."""

    permission = Permission.EDIT_PERSON
    content = NO_CONTENT
    form_class: Any
    act: Any
    title: str

    def form(self, data: Any = None) -> Any:
        return self.form_class(data)

    def save(self, fields: dict[str, Any]) -> None:
        house = self.actor.places_with(self.permission)[0].establishment_id
        type(self).act(
            establishment=Establishment.objects.get(pk=house), by=self.actor.professional, **fields
        )

    def heading(self) -> str:
        return self.title

    def done(self) -> str:
        return "Ajouté au carnet d’adresses."

    def back(self) -> HttpResponse:
        return redirect("directory:list")


class AddStructure(Add):
    """A structure of elsewhere."""

    form_class, act, title = StructureForm, staticmethod(directory.add_structure), "Ajouter une structure"


class AddProfessional(Add):
    """A professional of elsewhere."""

    form_class, act = ProfessionalForm, staticmethod(directory.add_professional)
    title = "Ajouter un professionnel d’ailleurs"


class AddFunction(Add):
    """What a professional of elsewhere does, and where."""

    form_class = NewFunctionForm

    @property
    def professional(self) -> Professional:
        return get_object_or_404(outsiders(), pk=self.kwargs["professional_id"])

    def save(self, fields: dict[str, Any]) -> None:
        directory.add_function(professional=self.professional, by=self.actor.professional, **fields)

    def heading(self) -> str:
        return f"Ajouter une fonction à {self.professional}"


class Edit(StandaloneForm):
    """A form of the address book, on the row that its address names."""

    permission = Permission.EDIT_PERSON
    content = NO_CONTENT
    form_class: Any
    act: Any
    name: str
    known: Any

    def row(self) -> Any:
        """Read again each time: a form writes on the one it is given."""
        found: Model | None = self.known().filter(pk=self.kwargs[f"{self.name}_id"]).first()
        if found is None:
            raise Http404
        return found

    def form(self, data: Any = None) -> Any:
        return self.form_class(data, instance=self.row())

    def save(self, fields: dict[str, Any]) -> None:
        type(self).act(by=self.actor.professional, **{self.name: self.row()}, **fields)

    def heading(self) -> str:
        return str(self.row())

    def done(self) -> str:
        return f"Carnet mis à jour : {self.row()}."

    def back(self) -> HttpResponse:
        return redirect("directory:list")


class EditStructure(Edit):
    """A structure."""

    form_class, act, name = StructureForm, staticmethod(directory.edit_structure), "structure"
    known = staticmethod(Structure.objects.all)


class EditProfessional(Edit):
    """A professional of elsewhere."""

    form_class, act, name = ProfessionalForm, staticmethod(directory.edit_professional), "professional"
    known = staticmethod(outsiders)


class EditFunction(Edit):
    """What a professional of elsewhere does in a structure."""

    form_class, act, name = FunctionForm, staticmethod(directory.edit_function), "function"

    @staticmethod
    def known() -> QuerySet[Function]:
        mine = Q(professional__isnull=True) | Q(professional__in=outsiders())
        return Function.objects.filter(mine).select_related("professional", "structure")

    def heading(self) -> str:
        function = self.row()
        who, where = function.professional or "Professionnel inconnu", function.structure
        return f"{who}, {where}" if where else str(who)
