"""A record for search engines: schema.org as JSON-LD, public facts alone.

A household's address is its home: of such a body neither street nor position is repeated here. Demo data say so.
"""

import json
from datetime import date

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from geodata.language import both
from layers.layer import Layer
from layers.legal_facts import LegalFact
from layers.registers.map_day import is_demo
from layers.registers.qualifications import ACTIVITIES, QUALIFICATION_KINDS
from mapapp.record.citing import Citation

# What would end the element or begin a comment inside it, whatever the reader's parser.
_ESCAPED = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"})
_DEMO = both("Dữ liệu minh họa: không phải của tổ chức nào.", "Demo data: they belong to nobody.")


def structured(
    layer: Layer, row: tuple, values: dict, *, title: str, citation: Citation, facts: list[LegalFact], at_home: bool
) -> SafeString:
    """The element with the record's data; "" for layers whose rows are no thing of their own (sums, areas of a grid).

    `values` are the record's fields as the public reads them, `facts` its legal facts; `at_home` says that the place
    is a household's.
    """
    described = _described(layer, row, values, title, facts, at_home)
    if described is None:
        return mark_safe("")
    data = {"@context": "https://schema.org", **described, "url": citation.canonical, "name": title}
    data["mainEntityOfPage"] = {"@type": "WebPage", "@id": citation.canonical, "dateModified": citation.day.isoformat()}
    if is_demo():
        data["disambiguatingDescription"] = str(_DEMO)
    return as_element(data)


def as_element(data: dict) -> SafeString:
    """A data block: the browser runs nothing of it, so a strict policy of content lets it stand in the page."""
    written = json.dumps(data, ensure_ascii=False).translate(_ESCAPED)
    return format_html('<script type="application/ld+json">{}</script>', mark_safe(written))  # noqa: S308 - escaped above


def _described(
    layer: Layer, row: tuple, values: dict, title: str, facts: list[LegalFact], at_home: bool
) -> dict | None:
    if layer.lines:
        return _body(row, values, title, facts, at_home)
    if layer.name == "inspection_sites":
        return {"@type": "Place", **_where(row, values)}
    if layer.name == "measuring_devices":
        return {"@type": "Product", **_device(values)}
    if layer.geometry == "polygon":
        return {"@type": "AdministrativeArea", "identifier": values["code"]}
    return None


def _body(row: tuple, values: dict, title: str, facts: list[LegalFact], at_home: bool) -> dict:
    alive = {code for fact in facts for code, alive in fact.activities.items() if alive}
    return {
        "@type": "Organization",
        **({} if at_home else {"parentOrganization": {"@type": "Organization", "name": values["organisation"]}}),
        "location": {"@type": "Place", "name": title, **_where(row, values, only_unit=at_home)},
        "knowsAbout": [str(code.label) for code in ACTIVITIES.items if code.code in alive],
        "hasCertification": [_certification(one) for one in facts],
    }


def _certification(fact: LegalFact) -> dict:
    kind = QUALIFICATION_KINDS.labels("", [fact.kind])[fact.kind]
    state = "CertificationActive" if fact.in_force_here else "CertificationInactive"
    standard = {"about": f"{fact.standard}:{fact.edition}".rstrip(":")} if fact.standard else {}
    return {
        "@type": "Certification",
        "name": str(kind),
        "certificationIdentification": fact.number,
        "certificationStatus": f"https://schema.org/{state}",
        "issuedBy": {"@type": "Organization", "name": str(fact.authority)},
        "datePublished": fact.issued_on.isoformat(),
        "validFrom": fact.valid_from.isoformat(),
        **({"expires": fact.ends[0].isoformat()} if fact.in_force_here and fact.ends[0] else {}),
        **standard,
    }


def _where(row: tuple, values: dict, *, only_unit: bool = False) -> dict:
    """Address and position. A position known to the commune only is none that anybody should be led to."""
    address = {
        "@type": "PostalAddress",
        "streetAddress": None if only_unit else values.get("address"),
        "addressLocality": _text(values.get("commune_label")),
        "addressRegion": _text(values.get("province_label")),
        "addressCountry": "VN",
    }
    where: dict = {"address": {name: text for name, text in address.items() if text}}
    if not only_unit and values.get("geom_accuracy") not in ("commune_centroid", "unknown"):
        lon, lat = row[-1].coords
        where["geo"] = {"@type": "GeoCoordinates", "longitude": round(lon, 6), "latitude": round(lat, 6)}
    return where


def _device(values: dict) -> dict:
    """What kind of thing it is; whose it is and its number are not public."""
    told = {
        "category": _text(values.get("device_type_label")),
        "model": values.get("model"),
        "manufacturer": values.get("manufacturer"),
        "productionDate": values.get("manufacture_year"),
    }
    found = {name: _text(value) for name, value in told.items() if value}
    if found.get("manufacturer"):
        return {**found, "manufacturer": {"@type": "Organization", "name": found["manufacturer"]}}
    return found


def _text(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value or "")
