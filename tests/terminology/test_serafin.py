import pytest

from jalon.terminology import finess, serafin, value_set


def test_the_tenth_need_comes_after_the_ninth():
    codes = [line.code for line in serafin.children("1.1")]
    assert codes == [f"1.1.{number}" for number in range(1, 11)]


@pytest.mark.parametrize("number", ["J282", "J283", "J284", "J285"])
def test_the_value_sets_of_serafin_are_in_the_same_order(number):
    codes = [coding.code for coding in value_set(f"JDV_{number}")]
    assert codes == sorted(codes, key=serafin.segments)


def test_the_whole_nomenclature_is_in_order_and_hangs_together():
    lines = serafin.nomenclature()
    codes = [line.code for line in lines]
    assert codes == sorted(codes, key=serafin.segments)
    assert {line.parent for line in lines} - {""} <= set(codes)
    assert [line.code for line in lines if line.level == 1] == ["1", "2", "3"]
    assert all(line.level == line.code.count(".") + 1 for line in lines)


def test_needs_and_services_are_the_three_value_sets():
    families = {"besoins": "J285", "prestations_directes": "J284", "prestations_indirectes": "J283"}
    for name, number in families.items():
        assert {line.code for line in serafin.family(name)} == {
            coding.code for coding in value_set(f"JDV_{number}")
        }


def test_only_the_ends_of_the_tree_are_leaves():
    leaves = {line.code for line in serafin.leaves("besoins")}
    assert {"1.1.10", "1.2.1.1"} <= leaves
    assert not {"1", "1.1", "1.2.1"} & leaves


def test_the_health_needs_keep_the_number_of_the_cnsa_guide():
    need = serafin.children("1.1")[0]
    assert (need.code, need.cnsa_code) == ("1.1.1", "1.1.1.1")


def test_an_establishment_category_knows_its_group():
    category = finess.category("500")
    assert (category.short, category.domain) == ("EHPAD", "SOC")
    assert category.group_label.startswith("Etablissements et Services pour Personnes")
    with pytest.raises(KeyError, match="no FINESS category '9999'"):
        finess.category("9999")
