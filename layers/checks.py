"""Wrong declarations of layers, reported by `manage.py check` with an id and a hint."""

from django.core.checks import CheckMessage, Error, register

from layers.layer import Layer
from layers.registry import all_layers


@register()
def check_layers(**options: object) -> list[CheckMessage]:
    """All that is wrong with the registered layers; empty when they are sound."""
    return [message for layer in all_layers() for message in _faults(layer)]


def _faults(layer: Layer) -> list[CheckMessage]:
    faults = []
    names = [item.name for item in layer.fields]
    if len(names) != len(set(names)):
        faults.append(_error("E001", layer, "two fields have one name", "give each field its own name"))
    for item in layer.filters:
        if item.filter == "code" and item.choices is None:
            faults.append(_error("E002", layer, f"the filter {item.name} has no codes", "set codes or filter_codes"))
        if item.lines and layer.lines is None:
            faults.append(_error("E003", layer, f"{item.name} is of lines, the layer has none", "set lines"))
    if layer.style.classes and layer.class_field is None:
        faults.append(_error("E004", layer, "the class field is no field", "name a field in style.classes"))
    if "geom_accuracy" not in names:
        faults.append(_error("E005", layer, "there is no geom_accuracy", "add the field, with tile=True"))
    if layer.geometry == "polygon" and layer.outlines is None:
        faults.append(_error("E006", layer, "polygons need outlines for tiles", "set outlines"))
    return faults


def _error(code: str, layer: Layer, message: str, hint: str) -> Error:
    return Error(f"layer {layer.name}: {message}", hint=hint, id=f"layers.{code}")
