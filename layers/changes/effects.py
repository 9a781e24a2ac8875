"""Which rows of which tables change tiles of a layer: read off what its tiles are made from and filtered by."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.db.models import F, Model

from geodata.models import UnitChange
from layers.competence.subjects import NAMED_BESIDE_LINES
from layers.layer import TITLE, Layer
from layers.open_reads import Column, columns_read, public_questions


@dataclass(frozen=True)
class Effect:
    """That rows of a table change tiles of a layer: which columns, and by which path (own rows: "").

    Without a path the rows touch the whole layer. `key` is the column that leads to the layer's rows, `through` the
    path from there to the column's value: both of related rows only.
    """

    layer: Layer
    model: type[Model]
    columns: tuple[str, ...]
    path: str | None = None
    key: str = ""
    through: str = ""

    @property
    def wanted(self) -> str:
        """The column that says what was touched."""
        return self.key or ("geom" if self.path == "" else self.model._meta.pk.column)


def effects_on(layer: Layer) -> Iterator[Effect]:
    """Every way in which a row of some table changes what tiles of the layer show or are filtered by."""
    paths = {path: _target(layer.model, path) for path in layer.related}
    for model, columns in _read_by_tiles(layer).items():
        if model is layer.model and layer.geometry == "point":
            yield Effect(layer, model, columns, path="")
        elif model in (target for target, _, _ in paths.values()):
            for path, (target, key, through) in paths.items():
                if target is model:
                    yield Effect(layer, model, columns, path, key, through)
        else:
            yield Effect(layer, model, columns)


def _read_by_tiles(layer: Layer) -> dict[type[Model], tuple[str, ...]]:
    """The columns that tiles of the layer are made from and filtered by, of each table's model."""
    models = {model._meta.db_table: model for model in apps.get_models()}
    found: dict[type[Model], set[str]] = {}
    for table, name in _columns_of_tiles(layer):
        found.setdefault(models[table], set()).add(name)
    return {model: tuple(sorted({*names, *publishing(model)})) for model, names in sorted(found.items(), key=_table)}


def _table(item: tuple[type[Model], set[str]]) -> str:
    return item[0]._meta.db_table


def _columns_of_tiles(layer: Layer) -> set[Column]:
    found = {column for _, make in questions_of_tiles(layer) for column in columns_read(make().query)}
    if any(item.filter == "competence" for item in layer.filters):
        found |= NAMED_BESIDE_LINES
    if layer.outlines:
        table = layer.outlines._meta.db_table
        found |= {(table, field.column) for field in layer.outlines._meta.concrete_fields}
    return found | _columns_kept(layer) if layer.few else found


def questions_of_tiles(layer: Layer) -> list:
    """Of the public's questions those that tiles answer: positions, the fields they carry, every filter."""
    drawn = {item.name for item in layer.fields if item.tile} | {"geom_accuracy", layer.style.classes, layer.weight}
    parts = {"rows", "search", "units", *(f"field {name}" for name in drawn)}
    parts |= {f"filter {item.name}" for item in layer.filters}
    return [(name, make) for name, make in public_questions(layer) if name in parts]


def _columns_kept(layer: Layer) -> set[Column]:
    """What the search keeps of a layer of `few` by its version: titles, points, what orders them; of the units also
    what became of those that were abolished.
    """
    parts = {f"{part} {name}" for name in TITLE for part in ("field", "codes of")}
    asked = [make() for name, make in public_questions(layer) if name in parts]
    ordered = {f"by_{n}": by.expression for n, by in enumerate(layer.prominent)}
    asked.append(layer.model._default_manager.annotate(at=F(layer.point), **ordered).values("at", *ordered))
    found = {column for rows in asked for column in columns_read(rows.query)}
    if layer.outlines:
        found |= {(UnitChange._meta.db_table, field.column) for field in UnitChange._meta.concrete_fields}
    return found


def publishing(model: type[Model]) -> set[str]:
    """The public's view of such a table leaves out what is not published, also where a query does not ask for it."""
    return {"publish_state"} & {field.column for field in model._meta.concrete_fields}


def _target(model: type[Model], path: str) -> tuple[type[Model], str, str]:
    """Where a path leads, the column there that leads back, and the path to that column's value.

    Rows that point to the layer's (scope lines to their place) lead back by their own column: the row that was deleted,
    or pointed elsewhere before, is not found by asking. Rows that are pointed to are found by their id.
    """
    for name in path.split("__"):
        field = model._meta.get_field(name)
        model = field.related_model
    if field.one_to_many:
        return model, field.field.column, path.rpartition("__")[0] or "pk"
    return model, model._meta.pk.column, path
