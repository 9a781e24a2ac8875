"""The operations of WFS 2.0: those of django-gisserver, with the registry's types and the waist's rows."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from django.http import HttpResponse, HttpResponseBase
from gisserver.exceptions import ExternalParsingError
from gisserver.operations import wfs20
from gisserver.operations.base import WFSOperation
from gisserver.parsers import wfs20 as requests20
from gisserver.parsers.ows import BaseOwsRequest
from gisserver.parsers.xml import NSElement

from geodata.language import both
from services.wfs import requests
from services.wfs.answers import feature, features, type_of_resource, values
from services.wfs.capabilities import SECTIONS, capabilities
from services.wfs.forms import find_form
from services.wfs.names import BY_ID, FEATURES, GML_TYPE, PREFIX, WFS, declared
from services.wfs.questions import Question, of_resource
from services.wfs.refusals import Refusal, invalid, missing
from services.wfs.types import FeatureType, schema

_XML = "text/xml; charset=utf-8"
_BY_ID_TITLE = both("Lấy một đối tượng theo id", "Get a feature by its id")
_LANGUAGE = "urn:ogc:def:queryLanguage:OGC-WFS::WFS_QueryExpression"


class Typed(WFSOperation):
    """What all operations on types share."""

    def find_type(self, name: str | None) -> FeatureType:
        """The type of that name. Raises Refusal: one that the caller may not see is as unknown as any other."""
        found = {one.xml_name: one for one in self.view.get_bound_feature_types()}
        bare = (name or "").rpartition("}")[2]
        # Without a prefix a name may have been read as one of the document's own namespace.
        ours = not name or not name.startswith("{") or name.startswith(("{http://www.opengis.net/", f"{{{FEATURES}}}"))
        one = found.get(f"{{{FEATURES}}}{bare}") if ours else None
        if one is None:
            listed = ", ".join(f"{PREFIX}:{one.name}" for one in found.values())
            raise invalid(
                "typeNames",
                f"Không có loại “{bare[:40]}”. Các loại: {listed}.",
                f"There is no type “{bare[:40]}”. The types: {listed}.",
            )
        return one


class GetCapabilities(wfs20.GetCapabilities):
    """What the service is and offers, or the sections of it that are asked for."""

    def process_request(self, ows_request: requests20.GetCapabilities) -> HttpResponse:
        asked = set(ows_request.sections or ("All",))
        unknown = asked - {*SECTIONS, "All"}
        if unknown:
            listed = ", ".join((*SECTIONS, "All"))
            raise invalid("sections", f"Các phần: {listed}.", f"The sections are {listed}.")
        sections = SECTIONS if "All" in asked else tuple(one for one in SECTIONS if one in asked)
        body = capabilities(self.view.request, self.view.get_bound_feature_types(), sections)
        return HttpResponse(body, content_type=_XML)


class DescribeFeatureType(Typed, wfs20.DescribeFeatureType):
    """The schema of some types, or of all."""

    def validate_request(self, ows_request: requests20.DescribeFeatureType) -> None:
        self.resolve_output_format(ows_request.outputFormat)
        names = ows_request.typeNames
        self.types = [self.find_type(name) for name in names] if names else self.view.get_bound_feature_types()

    def process_request(self, ows_request: requests20.DescribeFeatureType) -> HttpResponse:
        return HttpResponse(schema(self.types), content_type=GML_TYPE)


class GetFeature(Typed):
    """Features of one type."""

    parser_class = requests.GetFeature

    def process_request(self, ows_request: requests.GetFeature) -> HttpResponseBase:
        question = ows_request.question
        form = find_form(question.output_format)
        if not question.stored:
            return features(self.view.request, self.find_type(_type_of(question)), question=question, form=form)
        named = type_of_resource(question.stored)
        one = {one.name: one for one in self.view.get_bound_feature_types()}.get(named[0]) if named else None
        found = feature(one, named[1], form=form, srs=question.srs) if one and named else None
        if found is None:
            raise Refusal("NotFound", "ID", "Không có đối tượng này.", "There is no such feature.", status=404)
        return found


class GetPropertyValue(Typed):
    """The values of one property of the features of one type."""

    parser_class = requests.GetPropertyValue

    def process_request(self, ows_request: requests.GetFeature) -> HttpResponseBase:
        question = ows_request.question
        form = find_form(question.output_format, only=GML_TYPE.replace(" ", ""))
        if question.stored:
            question = of_resource(question)
        return values(self.view.request, self.find_type(_type_of(question)), question=question, form=form)


def _type_of(question: Question) -> str:
    """The type asked for, or that of the resources. Raises Refusal where there is neither."""
    if question.type_name:
        return question.type_name
    named = [found for found in map(type_of_resource, question.asked.resources or ()) if found]
    if not named:
        raise missing("typeNames")
    return named[0][0]


class ListStoredQueries(WFSOperation):
    """The one stored query that the standard demands, and what it gives."""

    def process_request(self, ows_request: BaseOwsRequest) -> HttpResponse:
        types = "".join(
            f"<wfs:ReturnFeatureType>{PREFIX}:{one.name}</wfs:ReturnFeatureType>"
            for one in self.view.get_bound_feature_types()
        )
        return _document(
            "ListStoredQueriesResponse",
            f'<wfs:StoredQuery id="{BY_ID}"><wfs:Title>{escape(str(_BY_ID_TITLE))}</wfs:Title>{types}'
            "</wfs:StoredQuery>",
        )


@dataclass
class StoredQueriesAsked(requests20.DescribeStoredQueries):
    """The library's request, which looks for the ids under another name (09-025r2, 14.4.2: StoredQueryId)."""

    @classmethod
    def from_xml(cls, element: NSElement) -> "StoredQueriesAsked":
        ids = [(one.text or "").strip() for one in element.findall(f"{{{WFS}}}StoredQueryId")]
        if len(ids) != len(element):
            raise ExternalParsingError("StoredQueryId")
        return cls(**cls.base_xml_init_parameters(element), storedQueryId=ids or None)


class DescribeStoredQueries(WFSOperation):
    """The stored query in full."""

    parser_class = StoredQueriesAsked

    def process_request(self, ows_request: requests20.DescribeStoredQueries) -> HttpResponse:
        if set(ows_request.storedQueryId or [BY_ID]) != {BY_ID}:
            raise invalid("storedQuery_id", f"Truy vấn lưu sẵn: {BY_ID}.", f"The stored query is {BY_ID}.")
        types = " ".join(f"{PREFIX}:{one.name}" for one in self.view.get_bound_feature_types())
        return _document(
            "DescribeStoredQueriesResponse",
            f'<wfs:StoredQueryDescription id="{BY_ID}"><wfs:Title>{escape(str(_BY_ID_TITLE))}</wfs:Title>'
            '<wfs:Parameter name="ID" type="xsd:string"/>'
            f'<wfs:QueryExpressionText isPrivate="true" language="{_LANGUAGE}" returnFeatureTypes="{types}"/>'
            "</wfs:StoredQueryDescription>",
        )


def _document(element: str, content: str) -> HttpResponse:
    head = f'<?xml version="1.0" encoding="UTF-8"?>\n<wfs:{element} {declared("wfs", "xsd", PREFIX)}>'
    return HttpResponse(f"{head}{content}</wfs:{element}>\n", content_type=_XML)
