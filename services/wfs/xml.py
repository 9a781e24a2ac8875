"""A question written as XML (OGC 09-025r2, clauses 7 to 11)."""

from gisserver.parsers.xml import NSElement

from services.wfs.fes import Asked, property_name, read_filter, value_reference
from services.wfs.names import FES, WFS, local
from services.wfs.questions import Question, check_keys, descends, no_joins, paged, presented, stored_id, type_name
from services.wfs.refusals import missing, unparsed


def read_xml(element: NSElement) -> Question:
    """What the element of an operation asks. Raises Refusal."""
    if len(element) != 1:
        raise no_joins() if len(element) else missing("Query")
    query = element[0]
    values = {name.lower(): value for name, value in element.attrib.items()}
    value = value_reference(element.attrib.get("valueReference"), element.ns_aliases) or ""
    if local(query.tag, WFS) == "StoredQuery":
        parameters = {one.attrib.get("name", "").lower(): (one.text or "").strip() for one in query}
        stored = stored_id(query.attrib.get("id", ""), parameters)
        return Question(None, None, None, (), Asked(), "", stored=stored, value=value, **paged(values))
    if local(query.tag, WFS) != "Query":
        raise unparsed("Query", "Cần wfs:Query hoặc wfs:StoredQuery.", "wfs:Query or wfs:StoredQuery is wanted.")
    if "aliases" in query.attrib:
        raise no_joins()
    properties, filters, sort = _parts(query)
    return Question(
        type_name=type_name(query.attrib.get("typeNames", "").split(), query.ns_aliases),
        properties=tuple(properties) or None,
        sort=tuple(sort),
        asked=read_filter(filters[0]) if filters else Asked(),
        cql="",
        stored="",
        value=value,
        repeated=None if filters else _repeated(element, query, properties, sort),
        **presented({**values, "srsname": query.attrib.get("srsName", "")}),
    )


def _parts(query: NSElement) -> tuple[list[str], list[NSElement], list[tuple[str, bool]]]:
    """The properties, the filter and the order of a `wfs:Query`."""
    properties = [property_name(one.text, one.ns_aliases) for one in query if local(one.tag, WFS) == "PropertyName"]
    filters = [one for one in query if local(one.tag, FES) == "Filter"]
    orders = [one for one in query if local(one.tag, FES) == "SortBy"]
    if len(filters) > 1 or len(orders) > 1 or len(properties) + len(filters) + len(orders) != len(query):
        raise unparsed(
            "Query",
            "Query chứa PropertyName, một Filter, một SortBy.",
            "A Query has PropertyName, one Filter and one SortBy.",
        )
    sort = [_sorted_by(one) for order in orders for one in order]
    check_keys(sort)
    return properties, filters, sort


def _sorted_by(element: NSElement) -> tuple[str, bool]:
    reference, direction = element.find(f"{{{FES}}}ValueReference"), element.find(f"{{{FES}}}SortOrder")
    if local(element.tag, FES) != "SortProperty" or reference is None:
        raise unparsed("sortBy", "SortBy chứa SortProperty.", "A SortBy has SortProperty.")
    said = "ASC" if direction is None else direction.text or ""
    return property_name(reference.text, reference.ns_aliases), descends(said)


def _repeated(
    element: NSElement, query: NSElement, properties: list[str], sort: list[tuple[str, bool]]
) -> dict[str, str]:
    """The same as KVP, without a filter."""
    shared = {name.lower(): value for name, value in element.attrib.items() if name != "handle"}
    values = {
        **shared,
        "request": local(element.tag, WFS),
        "typenames": query.attrib.get("typeNames", "").rpartition(":")[2],
        "srsname": query.attrib.get("srsName", ""),
        "propertyname": ",".join(properties),
        "sortby": ",".join(f"{name} {'DESC' if down else 'ASC'}" for name, down in sort),
    }
    return {name: value for name, value in values.items() if value}
