"""GetCapabilities (OGC 09-025r2, clause 8): what the service is, offers and conforms to."""

from collections.abc import Sequence

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.translation import get_language

from geodata.archipelagos import COUNTRY_VIEW
from geodata.crs import CRS84, OFFERED, official
from geodata.language import both
from layers.public_address import absolute
from services.wfs.fes import COMPARISONS, NEAR, OTHERS, SPATIAL, TEMPORAL
from services.wfs.forms import FORMS
from services.wfs.literals import SHAPES, TIMES
from services.wfs.names import FEATURES, GML_TYPE, PREFIX, VERSION
from services.wfs.questions import DEFAULT_COUNT, MAX_COUNT, RESOLVE
from services.wfs.types import FeatureType

SECTIONS = ("ServiceIdentification", "ServiceProvider", "OperationsMetadata", "FeatureTypeList", "Filter_Capabilities")
_TITLE = both(
    "Bản đồ số quốc gia về tiêu chuẩn, đo lường, chất lượng", "National map of standards, metrology and quality"
)
_ABSTRACT = both(
    "Mọi lớp của bản đồ, mỗi đối tượng một lần (ô bản đồ thì gộp thành cụm). Dữ liệu mở, nêu nguồn khi dùng.",
    "All layers of the map, every feature once (tiles hold clusters). Open data: name the source where they are used.",
)
# What Table 1 and Annex A call Simple WFS, Basic WFS and the classes beside them.
_CONFORMANCE = {
    "ImplementsSimpleWFS": True,
    "ImplementsBasicWFS": True,
    "ImplementsTransactionalWFS": False,
    "ImplementsLockingWFS": False,
    "KVPEncoding": True,
    "XMLEncoding": True,
    "SOAPEncoding": False,
    "ImplementsInheritance": False,
    "ImplementsRemoteResolve": False,
    "ImplementsResultPaging": True,
    "ImplementsStandardJoins": False,
    "ImplementsSpatialJoins": False,
    "ImplementsTemporalJoins": False,
    "ImplementsFeatureVersioning": False,
    "ManageStoredQueries": False,
    "PagingIsTransactionSafe": False,
}
_FILTERS = {
    "ImplementsQuery": True,
    "ImplementsAdHocQuery": True,
    "ImplementsFunctions": True,
    "ImplementsResourceId": True,
    "ImplementsMinStandardFilter": True,
    "ImplementsStandardFilter": True,
    "ImplementsMinSpatialFilter": True,
    "ImplementsSpatialFilter": True,
    "ImplementsMinTemporalFilter": True,
    "ImplementsTemporalFilter": True,
    "ImplementsVersionNav": False,
    "ImplementsSorting": True,
    "ImplementsExtendedOperators": False,
    "ImplementsMinimumXPath": True,
    "ImplementsSchemaElementFunc": False,
}
# Both values of `resolve` are demanded (Table 12); our features have no references to resolve.
_QUERIED = (("resultType", ("results", "hits")), ("resolve", RESOLVE))
_OPERATIONS: tuple[tuple[str, tuple[tuple[str, tuple[str, ...]], ...]], ...] = (
    ("GetCapabilities", (("AcceptVersions", (VERSION,)), ("AcceptFormats", ("text/xml",)), ("Sections", SECTIONS))),
    ("DescribeFeatureType", (("outputFormat", (GML_TYPE, "XMLSCHEMA")),)),
    ("GetFeature", (*_QUERIED, ("outputFormat", tuple(one.names[0] for one in FORMS)))),
    ("GetPropertyValue", (*_QUERIED, ("outputFormat", (GML_TYPE,)))),
    ("ListStoredQueries", ()),
    ("DescribeStoredQueries", ()),
)
_PAGED = ("GetFeature", "GetPropertyValue")


def capabilities(request: HttpRequest, types: Sequence[FeatureType], sections: Sequence[str]) -> str:
    """The document with these sections, in the active language, with addresses of the public one."""
    west, south, east, north = COUNTRY_VIEW
    default, *others = (official(code).urn for code in OFFERED)
    return render_to_string(
        "wfs/capabilities.xml",
        {
            "sections": sections,
            "title": _TITLE,
            "abstract": _ABSTRACT,
            "language": (get_language() or "vi")[:2],
            # What KVP is put behind (OWS Common 1.1, 11.3): OWSLib does so as it stands.
            "address": f"{absolute(request, request.path)}?",
            "home": absolute(request, "/"),
            "operations": _OPERATIONS,
            "paged": _PAGED,
            "default_count": DEFAULT_COUNT,
            "most_count": MAX_COUNT,
            "conformance": _CONFORMANCE,
            "types": types,
            "namespace": FEATURES,
            "prefix": PREFIX,
            "default_crs": default,
            "other_crs": [CRS84.urn, *others],
            "lower": f"{west} {south}",
            "upper": f"{east} {north}",
            "filters": _FILTERS,
            "comparisons": (*COMPARISONS, *OTHERS),
            "shapes": SHAPES,
            "spatial": (*SPATIAL, NEAR),
            "times": TIMES,
            # AnyInteracts is taken too, but the schema of capabilities has no such name.
            "temporal": tuple(name for name in TEMPORAL if name != "AnyInteracts"),
            "functions": ("casei", "accenti"),
        },
    )
