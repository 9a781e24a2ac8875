"""What a layer is: data, no behaviour to override. Every way in derives from these declarations."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from django.db.models import Expression, F, Model, OrderBy, Q, QuerySet

from geodata.language import both
from layers.codes import FixedCodes, TableCodes

Codes = FixedCodes | TableCodes


@dataclass(frozen=True)
class Moment:
    """A day, whether the rows carry that day's dates as `replayed_…`, and which scope lines the caller may see."""

    day: date
    replayed: bool = False
    lines: Q = Q()

    def column(self, name: str) -> str:
        """The column that holds the date `name` of this moment."""
        return f"replayed_{name}" if self.replayed else name


TITLE = ("name", "name_en", "address", "province", "region")
"""The fields that tell a record from others in a list: its names and where it is. A layer need not have all."""

Source = str | Callable[[Moment], Expression]


def column(name: str) -> Callable[[Moment], Expression]:
    """The source of a date that stands on the row, or beside it for an earlier day."""
    return lambda moment: F(moment.column(name))


FieldKind = Literal["text", "code", "codes", "date", "integer", "number", "flag"]


@dataclass(frozen=True, eq=False)
class Field:
    """One field of a layer's features.

    `source` is a path of the ORM or a function of the moment that gives an expression. With `lines` the filter
    tests the scope line, and a field without `source` is shown as the sorted list over all the place's lines;
    `filter_source` is the path from the line, `filter_title` what the filter is called where that
    differs. `said_by` tells the lines that alone have a value of the field: what others say there does not count.
    The codes to choose from are `filter_codes`, or `codes`. `key` is the row's own column that refers to the
    code, where the codes stand in a table. A filter of `competence` takes words about what a line
    can do. A field that is not `shown` is a filter alone. `roles` names who may see the field: empty means everyone.
    """

    name: str
    title: object
    kind: FieldKind = "text"
    source: Source = ""
    lines: bool = False
    codes: Codes | None = None
    filter: Literal["", "code", "dates", "flag", "competence"] = ""
    filter_codes: Codes | None = None
    filter_source: Source = ""
    filter_title: object = ""
    said_by: Q = Q()
    key: str = ""
    tile: bool = False
    listed: bool = True
    shown: bool = True
    sort: bool = False
    roles: tuple[str, ...] = ()

    @property
    def path(self) -> Source:
        """Where the value shown comes from."""
        return self.source or self.name

    @property
    def asked(self) -> Source:
        """Where the value that a filter tests comes from: from the scope line on, if the field is one of lines."""
        return self.filter_source or (self.name if self.lines else self.path)

    @property
    def title_asked(self) -> object:
        """What the filter on this field is called."""
        return self.filter_title or self.title

    @property
    def gathered(self) -> bool:
        """Whether the value shown is the list over the scope lines."""
        return self.lines and self.shown and not self.source

    @property
    def of_many_lines(self) -> bool:
        """Whether the value shown is put together from scope lines, each with a state of its own."""
        return self.gathered or (self.lines and self.kind == "flag")

    @property
    def counted(self) -> bool:
        """Whether the filter has values that can be counted."""
        return self.filter in ("code", "flag")

    @property
    def labelled(self) -> bool:
        """Whether a label stands beside the value."""
        return self.codes is not None or self.of_many_lines

    @property
    def choices(self) -> Codes | None:
        return self.filter_codes or self.codes


@dataclass(frozen=True)
class Lines:
    """The scope lines behind a layer of places: their filters are tested on one and the same line.

    `rows` says which exist on a day, `in_force` which of those are neither ended nor suspended.
    """

    model: type[Model]
    place: str
    rows: Callable[[date], Q]
    in_force: Callable[[date], Q]
    public: Q


@dataclass(frozen=True)
class Units:
    """How the shared filters `province` and `commune` reach a layer's rows: by the unit's key, or by its code."""

    province: str = "province_id"
    commune: str = "commune_id"
    province_code: str = "province__code"
    commune_code: str = "commune__code"
    by: Literal["key", "code"] = "key"

    def __bool__(self) -> bool:
        """Whether the rows lie in units at all."""
        return bool(self.province)

    def key_path(self, level: str) -> str:
        """The path to the key of the row's province or commune, where rows have one."""
        return self.province if level == "province" else self.commune

    def code_path(self, level: str) -> str:
        """The path to the code of the row's province or commune."""
        return self.province_code if level == "province" else self.commune_code


NO_UNITS = Units("", "", "", "")


def units_through(path: str) -> Units:
    """The units of the record that `path` leads to."""
    own = Units()
    keys, codes = (own.province, own.commune), (own.province_code, own.commune_code)
    province, commune, province_code, commune_code = (f"{path}__{name}" for name in (*keys, *codes))
    return Units(province, commune, province_code, commune_code)


@dataclass(frozen=True)
class Style:
    """How a layer is drawn: its shape, the colour token, the field whose classes colour it."""

    shape: Literal["", "circle", "diamond", "square", "hexagon", "area"]
    colour: str = ""
    classes: str = ""


@dataclass(frozen=True)
class Table:
    """Rows that belong to one record and are shown with it: `parent` is the path from them to the record.

    `public` is the gate for everyone, `rows` says which exist on a day. The columns are fields of the rows' model.
    `replay` puts an earlier day's dates beside the rows, as a layer's does. `layer` names the layer whose
    records the rows are, where they have pages of their own. `numbered` says that only a number on the thing itself,
    which is not public, tells which row it is: who stands before one is led to the check of that number.
    """

    title: object
    model: type[Model]
    parent: str
    columns: tuple[Field, ...]
    order: tuple[str, ...]
    public: Q = Q()
    rows: Callable[[date], Q] = lambda day: Q()
    replay: Callable[[QuerySet, date], QuerySet] | None = None
    layer: str = ""
    numbered: bool = False


@dataclass(frozen=True)
class Pyramid:
    """That the rows of a layer are summed by cells of the grid (`layers.pyramid`): for layers of 50,000 rows and more.

    `turning` says which rows may be shown otherwise on a day than on the day before: all that are, perhaps others.
    """

    turning: Callable[[date], Q]


@dataclass(frozen=True, eq=False)
class Layer:
    """A feature type. `name` is its address, tile layer, WFS type name and OGC collection id alike.

    `rows` says which rows of the model belong to it on a day; `replay` puts an earlier day's dates beside
    them (None: the layer stands at the day of the map only when `dated` is false, else its rows carry their dates).
    `weight` names the field that a cluster adds up beside its count. `search` are the paths of search keys,
    `search_title` says whose names those are, `prominent` which of equally close records a search shows first,
    `outlines` is the model of simplified areas for tiles (`unit`, `max_zoom`, `geom`),
    `related` are the paths from a row to tables whose rows belong to few of the layer's rows: a change there makes
    the tiles of those rows anew, one in any other table that tiles read all tiles of the layer,
    `few` says that there are some ten thousand records at most, which change seldom: their titles are kept in memory,
    `pyramid` is for layers too large to be counted row by row, `walks` names the filters of codes whose columns have an
    index with the id behind, those that leave the fewest rows first (`layers.walks`).
    A `geometry` of "" makes it a table: rows that are asked for and downloaded alike, and are on no map
    (`registry.all_tables`). It has no `style`, and `units` and `search` where its rows have them.
    `around` says that people stand at its records and ask what is there,
    `heading` the field that names a record, `tables` what is shown with it, `withheld`
    says to everyone what a record does not show.
    """

    name: str
    title: object
    noun: object
    description: object
    model: type[Model]
    fields: tuple[Field, ...]
    style: Style = Style("")
    geometry: Literal["point", "polygon", ""] = "point"
    zooms: tuple[int, int] = (0, 16)
    rows: Callable[[date], Q] = lambda day: Q()
    public: Q = Q()
    lines: Lines | None = None
    units: Units = Units()
    search: tuple[str, ...] = ("search_key",)
    search_title: object = both("Tìm theo tên", "Search by name")
    prominent: tuple[OrderBy, ...] = ()
    replay: Callable[[QuerySet, date], QuerySet] | None = None
    dated: bool = True
    weight: str = ""
    outlines: type[Model] | None = None
    related: tuple[str, ...] = ()
    few: bool = False
    pyramid: Pyramid | None = None
    walks: tuple[str, ...] = ()
    default: bool = False
    around: bool = False
    heading: str = "name"
    tables: tuple[Table, ...] = ()
    withheld: object = ""

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return next((field for field in self.fields if field.name == name), None)

    @property
    def point(self) -> str:
        """The path of the point that stands for a record."""
        return "geom" if self.geometry == "point" else "label_point"

    @property
    def class_field(self) -> Field | None:
        return self.field(self.style.classes) if self.style.classes else None

    @property
    def filters(self) -> tuple[Field, ...]:
        """The fields that can be asked for, in the order of declaration."""
        return tuple(field for field in self.fields if field.filter)
