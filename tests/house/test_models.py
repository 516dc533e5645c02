"""What every model owes: French words, closed lists that are subsets of the official ones, discretion."""

import inspect
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone
from pghistory.models import Event
from uuid_utils.compat import uuid7

from jalon.db.fields import EncryptedTextField
from jalon.db.tenant import TenantForeignKey, TenantModel
from jalon.terminology import value_set
from jalon.terminology.catalogue import code_system

if TYPE_CHECKING:
    Field = models.Field[Any, Any]
else:
    Field = models.Field

# A word that keeps its capitals inside a sentence may also begin a name.
PROPER = {"FINESS", "INS", "RPPS", "OID", "INSi", "DMP", "MSSanté"}
# Text that may be absent rather than empty, each with its reason.
NULLABLE_TEXT: dict[str, str] = {}
# Models whose `str` says a name, each with its reason.
NAMED = {
    "people.Person": "the identity itself",
    "people.Contact": "the entourage itself",
    "staff.Professional": "a colleague, not a person accompanied",
}
PERSONAL = re.compile(r"(birth|first|last|used|full)_.*name|holder|text|comment|description")
LIST_NAME = re.compile(r"(?:JDV_J|TRE_[A-Z])\d+")
# Lists named by a model whose codes are not in the house: a code received is kept and shown as it came.
ABSENT_LISTS = {"JDV_J61", "JDV_J117", "JDV_J226", "TRE_R216", "TRE_R260"}
# Codes of a list that its field never holds, each with its reason.
NEVER_HELD = {"EXP_PATIENT": "the person as an author: no establishment is one"}
# Values that an official list in the house does not have, each with its reason.
BEYOND_LISTS = {
    "ENCOURS": "a status of the plan in TDDUI 2.4.0, later than the JDV_J281 of the CDA guide",
    "ENPAUSE": "the same",
    "U": "the unknown sex of RNIV and INSi; the CDA writer says it UN",
}


def own_models() -> list[type[models.Model]]:
    """The tables of the product; those of the histories repeat them."""
    found = [model for model in apps.get_models() if model.__module__.startswith("jalon.")]
    return [model for model in found if not issubclass(model, Event)]


def label(model: type[models.Model]) -> str:
    return model._meta.label


every_model = pytest.mark.parametrize("model", own_models(), ids=label)


def fields(model: type[models.Model]) -> Iterator[Field]:
    return (field for field in model._meta.local_fields if not field.primary_key)


def is_sentence_case(name: str) -> bool:
    return name[:1].islower() or re.split(r"\W", name)[0] in PROPER


@every_model
def test_a_model_and_its_fields_are_named_in_lower_case_french(model: type[models.Model]) -> None:
    own = [str(model._meta.verbose_name), str(model._meta.verbose_name_plural)]
    assert model._meta.original_attrs.get("verbose_name"), "no verbose_name"
    assert [name for name in own if not is_sentence_case(name)] == []
    unnamed = [
        field.name
        for field in fields(model)
        if getattr(field, "_verbose_name", None) is None and not _computed(field)
    ]
    assert unnamed == []
    assert [field.name for field in fields(model) if not is_sentence_case(str(field.verbose_name))] == []


def _computed(field: Field) -> bool:
    """A generated column carries its name on its output field."""
    output = getattr(field, "output_field", None)
    return (
        isinstance(field, models.GeneratedField)
        and output is not None
        and getattr(output, "_verbose_name", None) is not None
    )


@every_model
def test_a_name_is_written_with_typographic_apostrophes(model: type[models.Model]) -> None:
    names = [str(model._meta.verbose_name), *(str(field.verbose_name) for field in fields(model))]
    assert [name for name in names if "'" in name] == []


@every_model
def test_no_text_is_nullable(model: type[models.Model]) -> None:
    texts = (field for field in fields(model) if isinstance(field, models.CharField | models.TextField))
    found = {f"{label(model)}.{field.name}" for field in texts if field.null}
    assert found - NULLABLE_TEXT.keys() == set()


@pytest.mark.parametrize("model", [one for one in own_models() if issubclass(one, TenantModel)], ids=label)
def test_a_row_of_a_tenant_points_at_rows_of_its_tenant_by_composite_keys(model: type[models.Model]) -> None:
    plain = [
        field.name
        for field in fields(model)
        if isinstance(field, models.ForeignKey)
        and issubclass(field.related_model, TenantModel)
        and not isinstance(field, TenantForeignKey)
    ]
    assert plain == []


def sample(model: type[models.Model]) -> models.Model:
    """A row in memory whose every text says the name of its field."""
    values: dict[str, Any] = {}
    for field in fields(model):
        if isinstance(field, models.ForeignKey):
            values[field.attname] = uuid7()
        elif isinstance(field, models.DateTimeField):
            values[field.name] = timezone.now()
        elif isinstance(field, models.DateField):
            values[field.name] = timezone.localdate()
        elif isinstance(field, models.CharField | models.TextField) and not field.choices:
            values[field.name] = f"«{field.name}»"
    return model(**values)


@every_model
def test_the_words_of_a_row_cost_no_query_and_tell_no_personal_data(model: type[models.Model]) -> None:
    def refuse(*_: Any) -> None:
        raise AssertionError(f"str({label(model)}) asks the database")

    with connection.execute_wrapper(refuse):
        words = str(sample(model))
    assert "object (" not in words, "no __str__"
    hidden = {field.name for field in fields(model) if isinstance(field, EncryptedTextField)}
    told = {name for name in re.findall("«(.*?)»", words) if PERSONAL.fullmatch(name) or name in hidden}
    assert label(model) in NAMED or told == set()


def choices_in_models() -> list[type[models.TextChoices]]:
    modules = {inspect.getmodule(model) for model in own_models()}
    inside = [holder for module in modules for holder in (module, *own_models())]
    found = {value for holder in inside for value in vars(holder).values() if _is_choices(value)}
    return sorted(found, key=lambda each: str(each.__qualname__))


def _is_choices(value: Any) -> bool:
    return inspect.isclass(value) and issubclass(value, models.TextChoices) and bool(value.values)


def lists_in(text: str) -> list[set[str]]:
    """The codes of each list that a text names, of those that are in the house."""
    names = [name for name in LIST_NAME.findall(text) if name not in ABSENT_LISTS]
    return [codes_of(name) for name in names]


def codes_of(name: str) -> set[str]:
    found = value_set(name) if name.startswith("JDV") else code_system(name)
    return set(found.codings)


def test_choices_that_claim_an_official_list_are_a_subset_of_it() -> None:
    claiming = {each: lists_in(each.__doc__ or "") for each in choices_in_models()}
    claiming = {each: lists for each, lists in claiming.items() if lists}
    assert claiming
    wrong = {code for each, lists in claiming.items() for code in set(each.values) - set().union(*lists)}
    assert wrong == BEYOND_LISTS.keys()


def fields_with_list() -> list[Field]:
    return [
        field for model in own_models() for field in fields(model) if LIST_NAME.search(str(field.help_text))
    ]


@pytest.mark.parametrize("name", sorted(ABSENT_LISTS))
def test_a_list_said_to_be_absent_is_absent(name: str) -> None:
    with pytest.raises(KeyError):
        codes_of(name)


@pytest.mark.parametrize("field", fields_with_list(), ids=str)
def test_a_field_that_claims_an_official_list_can_hold_its_codes(field: Field) -> None:
    codes = set().union(*lists_in(str(field.help_text)))
    offered = {code for code, _ in field.choices or [] if code}
    default = {field.default} if field.has_default() and field.default else set()
    assert [code for code in codes if len(code) > (field.max_length or 0) and code not in NEVER_HELD] == []
    assert offered | default <= codes
