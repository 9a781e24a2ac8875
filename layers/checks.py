"""Wrong declarations of layers, reported by `manage.py check` with an id and a hint."""

from collections.abc import Iterator

from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import FieldError

from layers.codes import TableCodes
from layers.layer import Layer
from layers.open_reads import columns_read, public_questions
from layers.open_schema import open_models
from layers.registry import all_layers, all_tables

UNSEEN_HINT = "name the column in its model's OPEN_COLUMNS and migrate, or give the field roles and no filter"


@register()
def check_layers(**options: object) -> list[CheckMessage]:
    """All that is wrong with the registered layers and tables; empty when they are sound."""
    every = (*all_layers(), *all_tables())
    return [*_unknown_columns(), *(message for layer in every for message in faults_of(layer))]


def faults_of(layer: Layer) -> list[CheckMessage]:
    """All that is wrong with a layer. What it reads can be asked only of one that is whole otherwise."""
    return _incomplete(layer) or [_error(*fault) for fault in dict.fromkeys(_unseen(layer))]


def _incomplete(layer: Layer) -> list[CheckMessage]:
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
    if layer.geometry and "geom_accuracy" not in names:
        faults.append(_error("E005", layer, "there is no geom_accuracy", "add the field, with tile=True"))
    if layer.geometry == "polygon" and layer.outlines is None:
        faults.append(_error("E006", layer, "polygons need outlines for tiles", "set outlines"))
    for name in layer.walks:
        if not _is_walked(layer, name):
            faults.append(_error("E010", layer, f"{name} cannot be walked", "name a unit, or a filter with a key"))
    return faults


def _is_walked(layer: Layer, name: str) -> bool:
    """Whether rows have a key by which those of one value are found (`layers.walks`)."""
    item = layer.field(name)
    by_key = item is not None and bool(item.filter and item.key) and isinstance(item.choices, TableCodes)
    return by_key or (name in ("province", "commune") and layer.units.by == "key" and bool(layer.units))


def _unseen(layer: Layer) -> Iterator[tuple[str, Layer, str, str]]:
    """What the public would ask for and not find: paths that lead nowhere, columns that no view shows."""
    shown = {model._meta.db_table: columns for model, columns in open_models()}
    for asker, question in public_questions(layer):
        try:
            read = columns_read(question().query)
        except FieldError as error:
            yield "E008", layer, f"{asker}: {error}", "correct the path"
            continue
        for table, column in sorted(read):
            if column not in shown.get(table, ()):
                yield "E007", layer, f"{asker} reads {table}.{column}, which no public view shows", UNSEEN_HINT


def _unknown_columns() -> Iterator[CheckMessage]:
    """Names in OPEN_COLUMNS that are no columns: a view leaves out what its table lacks."""
    for model, columns in open_models():
        unknown = set(columns) - {field.column for field in model._meta.concrete_fields}
        for name in sorted(unknown):
            yield Error(
                f"{model.__name__}.OPEN_COLUMNS names {name}, which is no column",
                hint="name the column; of a reference that is <field>_id",
                id="layers.E009",
            )


def _error(code: str, layer: Layer, message: str, hint: str) -> Error:
    return Error(f"layer {layer.name}: {message}", hint=hint, id=f"layers.{code}")
