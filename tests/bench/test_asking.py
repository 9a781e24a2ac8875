"""A combination of filters means the same in every language that servers of features are asked in."""

from lxml import etree

from bench.asking import cql, fes, values

QUERY = "status=overdue,void&province=01"


def test_values_are_those_of_the_query_string():
    assert values(QUERY) == {"status": ["overdue", "void"], "province": ["01"]}


def test_values_of_a_filter_are_alternatives_and_filters_hold_together():
    assert cql(values(QUERY)) == "status IN ('overdue', 'void') AND province IN ('01')"


def test_one_condition_needs_no_operator_around_it():
    (alone,) = etree.fromstring(fes(values("province=01")))
    assert etree.QName(alone).localname == "PropertyIsEqualTo"
    (both,) = etree.fromstring(fes(values(QUERY)))
    assert [etree.QName(part).localname for part in both] == ["Or", "PropertyIsEqualTo"]
