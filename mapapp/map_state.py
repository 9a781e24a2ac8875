"""The state of the map page in its address: names and layers that mean nothing are refused, never ignored."""

from django.http import QueryDict

from layers.errors import BadParameter
from layers.filters import SHARED, read_day, single_values
from layers.registry import all_layers

OWN = frozenset({"at", "layers", "select", "lang"})


def refuse_unknown_state(parameters: QueryDict) -> None:
    """Raises BadParameter for an unknown or repeated name, an unknown layer, or an `on` that is no day.

    The values of filters are judged by the services that answer them.
    """
    values = single_values(parameters, known=_known_names())
    if "on" in values:
        read_day(values["on"], "on")
    for layer in filter(None, values.get("layers", "").split(",")):
        _require_layer(layer, "layers")
    if values.get("select"):
        _require_layer(values["select"].partition("/")[0], "select")


def _known_names() -> set[str]:
    filters = {(layer.name, item.name) for layer in all_layers() for item in layer.filters}
    return {*OWN, *SHARED, *(name for _, name in filters), *(f"{layer}.{name}" for layer, name in filters)}


def _require_layer(name: str, parameter: str) -> None:
    if name not in {layer.name for layer in all_layers()}:
        raise BadParameter(
            f"{parameter}.unknown",
            f"Không có lớp “{name[:60]}”.",
            f"There is no layer “{name[:60]}”.",
            parameter=parameter,
        )
