"""The lists: what is found, under which names, and what it answers."""

import datetime as dt

import pytest

from jalon.terminology import Coding, code_system, concept_map, value_set
from jalon.terminology.catalogue import names_of
from jalon.terminology.files import manifest

CDA_AND_DMP = "01 02 04 06 07 08 11 47 57 59 60 65 66 142 143 245"
TDDUI = "30 254 264 281 282 283 284 285 366 367 384 385 386 394 395 398 400 401 402 403 404 405 406 407 408"
SYSTEMS = ["A00", "A01", "A03", "A04", "A05", "G15", "R66", "R85", "R94", "R95", "R217", "R265"]


@pytest.mark.parametrize("number", f"{CDA_AND_DMP} {TDDUI}".split())
def test_a_value_set_is_found_by_its_number_and_names_the_system_of_each_code(number):
    found = value_set(f"JDV_J{number}")
    assert len(found) > 0
    assert all(coding.system and coding.code and coding.display for coding in found)


@pytest.mark.parametrize("number", SYSTEMS)
def test_a_code_system_is_found_by_its_number_and_all_its_codes_are_its_own(number):
    found = code_system(f"TRE_{number}")
    assert {coding.system for coding in found} == {found.oid}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("jdv_j07", "JDV_J07_XdsTypeCode_CISIS"),
        ("JDV-J07-XdsTypeCode-CISIS", "JDV_J07_XdsTypeCode_CISIS"),
        ("jdv-modalite-entree-cisis", "JDV_ModaliteEntree_CISIS"),
        ("JDV_J408", "jdv-j408-orientation-ms"),
        (
            "https://mos.esante.gouv.fr/NOS/JDV_J245-Civilite-CISIS/FHIR/JDV-J245-Civilite-CISIS",
            "JDV_J245_Civilite_CISIS",
        ),
        (
            "https://smt.esante.gouv.fr/fhir/ValueSet/jdv-j405-type-presence-absence-ms|20260505120000",
            "jdv-j405-type-presence-absence-ms",
        ),
    ],
)
def test_a_list_answers_to_the_names_its_publishers_give_it(name, expected):
    assert value_set(name).name == expected


def test_no_name_answers_for_two_lists():
    answering = {}
    for entry in manifest():
        for name in set(names_of(entry)):
            assert answering.setdefault((entry.kind, name), entry.name) == entry.name


@pytest.mark.parametrize(
    ("ask", "name", "told"),
    [
        (value_set, "JDV_J9999", "no value set named 'JDV_J9999'"),
        (value_set, "TRE_G15", "no value set named 'TRE_G15'"),
        (code_system, "TRE_G15_ProfessionSant", "near names: TRE_G15_ProfessionSante"),
        (concept_map, "ASS_Z99", "no map named 'ASS_Z99'"),
    ],
)
def test_an_unknown_list_is_a_key_error_that_says_so(ask, name, told):
    with pytest.raises(KeyError) as caught:
        ask(name)
    assert told in caught.value.args[0]


def test_a_list_is_read_once():
    assert value_set("JDV_J07") is value_set("JDV_J07_XdsTypeCode_CISIS")


def test_a_list_cannot_be_changed():
    found = value_set("JDV_J143")
    with pytest.raises(TypeError):
        found.codings["X"] = Coding("1", "X")  # type: ignore[index]  # the point of the test
    with pytest.raises(AttributeError):
        found.entry = None  # type: ignore[misc,assignment]  # the point of the test


def test_a_code_is_given_with_its_label_and_system():
    coding = value_set("JDV_J07").get("34133-9")
    assert coding == Coding("2.16.840.1.113883.6.1", "34133-9", "Synthèse d'épisode de soins")
    assert coding.system_name == "LOINC"
    assert value_set("JDV_J07").oid == "1.2.250.1.213.1.1.5.471"
    assert value_set("JDV_J07").version == "2024-09-27"


def test_an_unknown_code_keeps_its_own_text_as_label():
    professions = code_system("TRE_G15")
    assert professions.label("10") == "Médecin"
    assert professions.label("999") == "999"
    assert professions.label("999", default="") == ""
    assert professions.find("999") is None
    with pytest.raises(KeyError, match="TRE_G15_ProfessionSante has no code '999'"):
        professions.get("999")


def test_a_coding_belongs_to_a_list_only_under_its_own_system():
    genders = value_set("JDV_J143")
    assert "F" in genders
    assert "X" not in genders
    assert Coding("2.16.840.1.113883.5.1", "F") in genders
    assert Coding("1.2.3", "F") not in genders


def test_the_essms_sector_and_the_civility_are_where_the_header_of_a_cda_wants_them():
    assert value_set("JDV_J04").get("ESSMS").system == "1.2.250.1.213.1.1.4.9"
    assert [coding.code for coding in value_set("JDV_J245")] == ["MME", "M"] or len(
        value_set("JDV_J245")
    ) == 2


def test_the_class_of_a_document_is_the_same_list_for_the_cda_and_the_dmp():
    assert list(value_set("JDV_J06")) == list(value_set("JDV_J57")) == list(code_system("TRE_A03"))


def test_every_document_type_has_one_class_but_those_the_mappings_are_too_old_for():
    """The mappings are of February and April 2024, the types of September: ASS_X04 answers for more."""
    orphans = {}
    for mapping, types in (("ASS_X16", "JDV_J66"), ("ASS_X04", "JDV_J07")):
        found = {one.code: concept_map(mapping).targets(one.code) for one in value_set(types)}
        orphans[mapping] = {code for code, targets in found.items() if len(targets) != 1}
        classes = {target for targets in found.values() for target in targets if target.system != "URN"}
        assert all(target in value_set("JDV_J06") for target in classes)
    assert orphans["ASS_X04"] == {"101881-1"}
    assert orphans["ASS_X16"] == {"28617-9", "34120-6", "60280-5", "78341-5", "89233-1", "101881-1"}


def test_a_class_comes_with_its_label():
    assert concept_map("ASS_X04").target("34133-9").display == "Synthèse"


def test_a_document_format_is_given_by_its_template():
    formats = concept_map("ASS_A11")
    assert len(formats.targets("1.3.6.1.4.1.19376.1.2.20")) == 5
    with pytest.raises(KeyError, match="5 targets"):
        formats.target("1.3.6.1.4.1.19376.1.2.20")
    assert formats.targets("1.2.3") == ()


def test_an_establishment_category_is_in_force_between_its_dates():
    categories = code_system("TRE_R66")
    assert categories.label("500") == "Etablissement d'hébergement pour personnes âgées dépendantes"
    assert categories.valid("001", dt.date(1999, 9, 15))
    assert not categories.valid("001", dt.date(1999, 9, 16))
    today = dt.date(2026, 11, 22)
    assert "500" in dict(categories.choices(today))
    assert "001" not in dict(categories.choices(today))
    assert len(categories.choices()) == len(categories)


def test_a_coding_knows_how_cda_and_fhir_write_its_system():
    presence = value_set("JDV_J405").get("1")
    assert presence.fhir_system == "https://smt.esante.gouv.fr/fhir/CodeSystem/tre-r423-type-presence-absence"
    assert presence.cda_system == ""
    need = value_set("JDV_J285").get("1.1.10")
    assert need.fhir_system == "https://smt.esante.gouv.fr/terminologie-SERAFINPH"
    assert need.cda_system == "1.2.250.1.213.3.3.60"
    assert Coding("1.2.3", "x").fhir_system == "urn:oid:1.2.3"
    assert (
        Coding("https://smt.esante.gouv.fr/terminologie-SERAFINPH", "1").cda_system == "1.2.250.1.213.3.3.60"
    )


def test_a_coding_of_the_tddui_guide_is_named_after_its_code_system():
    coding = code_system("tddui-discriminator").get("accordUsager")
    assert coding.display == "Accord de l'usager"
    assert coding.system_name == "tddui-discriminator"
