"""Texts in two languages."""

import copy
import json
import pickle

from django.core.serializers.json import DjangoJSONEncoder
from django.template import Context, Template
from django.utils.functional import Promise
from django.utils.translation import override

from geodata.language import both, language_of
from geodata.models import Kind


def test_it_follows_the_active_language():
    text = both("Quá hạn", "Overdue")
    with override("en"):
        assert str(text) == "Overdue"
    with override("vi"):
        assert str(text) == "Quá hạn"


def test_it_is_vietnamese_where_no_language_is_active():
    with override(None):
        assert f"{both('Quá hạn', 'Overdue')}" == "Quá hạn"


def test_it_is_lazy_as_django_expects():
    assert isinstance(both("a", "b"), Promise)
    assert json.loads(json.dumps({"text": both("a", "b")}, cls=DjangoJSONEncoder)) == {"text": "a"}


def test_it_keeps_both_texts_through_copy_and_pickle():
    text = both("a", "b")
    for again in (copy.deepcopy(text), pickle.loads(pickle.dumps(text))):  # noqa: S301
        assert (again.vi, again.en) == ("a", "b")


def test_it_serves_as_the_label_of_a_choice():
    with override("en"):
        assert str(Kind.WARD.label) == "ward"


def test_the_tag_writes_the_active_language_and_escapes_it():
    template = Template('{% load language %}{% both "{n} xã <" "{n} communes <" n=count %}')
    with override("en"):
        assert template.render(Context({"count": 3})) == "3 communes &lt;"


def test_the_tag_can_be_kept_in_a_variable():
    template = Template('{% load language %}{% both "Tìm" "Search" as word %}[{{ word }}]')
    with override("vi"):
        assert template.render(Context()) == "[Tìm]"


def test_vietnamese_is_marked_on_an_english_page_alone():
    name = Template("{% load language %}{{ name|spoken }}")
    with override("en"):
        assert name.render(Context({"name": "Trạm <Cân>"})) == '<span lang="vi">Trạm &lt;Cân&gt;</span>'
        assert name.render(Context({"name": "A & B"})) == "A &amp; B"
        assert [language_of(text) for text in ("Đồng Nai", "đo", "Café", "VILAS 216", "")] == [
            "vi",
            "vi",
            "vi",
            None,
            None,
        ]
    with override("vi"):
        assert name.render(Context({"name": "Trạm Cân"})) == "Trạm Cân" and language_of("Trạm") is None
