"""The requests of GetFeature and GetPropertyValue, which ask alike in KVP and in XML."""

from dataclasses import dataclass
from typing import ClassVar

from gisserver.parsers.ows import BaseOwsRequest, KVPRequest
from gisserver.parsers.xml import NSElement

from services.wfs.kvp import read_kvp
from services.wfs.questions import Question
from services.wfs.refusals import missing
from services.wfs.xml import read_xml


@dataclass
class GetFeature(BaseOwsRequest):
    """The operation's request; the library gives its own part."""

    question: Question
    of_values: ClassVar[bool] = False

    @classmethod
    def from_kvp_request(cls, kvp: KVPRequest) -> "GetFeature":
        values = {name.lower(): value for name, value in kvp.params.items()}
        if not cls.of_values:  # A parameter of the other operation says nothing here.
            values.pop("valuereference", None)
        return cls(**cls.base_kvp_init_parameters(kvp), question=read_kvp(values, kvp.ns_aliases))

    @classmethod
    def from_xml(cls, element: NSElement) -> "GetFeature":
        return cls(**cls.base_xml_init_parameters(element), question=read_xml(element))


class GetPropertyValue(GetFeature):
    """The same for the values of one property."""

    of_values = True

    @classmethod
    def from_kvp_request(cls, kvp: KVPRequest) -> "GetFeature":
        return _with_value(super().from_kvp_request(kvp))

    @classmethod
    def from_xml(cls, element: NSElement) -> "GetFeature":
        return _with_value(super().from_xml(element))


def _with_value(request: GetFeature) -> GetFeature:
    if not request.question.value:
        raise missing("valueReference")
    return request
