"""The legend: each layer with its number in the picture and its states with theirs; the filters; the locator."""

from collections.abc import Mapping

from geodata.language import both
from layers.layer import Layer
from tiles.picture.beside import Beside, Row, written
from tiles.picture.instruments import LOCATOR_PX, locator
from tiles.picture.picture import Count, Picture
from tiles.picture.shapes import codes_of, layer_mark, mark_shape
from tiles.picture.view import View

_NO_STATE = both("Chưa có kết luận", "No conclusion yet")
_AT_LEAST = both("Vùng này có nhiều hơn số đã vẽ.", "There is more here than is drawn.")
_IN_PICTURE = both("Trong hình này", "In this picture")
_NOTHING = both("Chưa chọn lớp dữ liệu", "No layer is chosen")


def beside_of(picture: Picture, view: View, counts: Mapping[str, Count], *, at_least: bool) -> Beside:
    """All that is said beside the map; `at_least` where the tiles hold more than they draw."""
    alone = picture.frame == "full"
    rows = [Row(picture.title, classes="b f-ink", size=15, before=4)] if alone else []
    rows += [Row(str(_IN_PICTURE if picture.asked else _NOTHING), classes="f-ink-soft", size=12.5, before=8)]
    for one in picture.asked:
        rows += _layer_rows(one.layer, counts[one.layer.name])
    rough = [str(_AT_LEAST)] if at_least else []
    whole = view.shows_country
    return Beside(
        demo=picture.demo and alone,
        rows=rows,
        notes=[*picture.notes, *rough],
        foot=list(picture.foot) if alone else [],
        locator="" if whole or picture.frame == "none" else locator(view, picture.edition),
        locator_size=(0.0, 0.0) if whole else LOCATOR_PX,
    )


def _layer_rows(layer: Layer, count: Count) -> list[Row]:
    """The layer with its number, and each of its states that occurs with its own."""
    head = Row(str(layer.title), layer_mark(layer), written(count.weight), "b f-ink", before=6)
    codes = codes_of(layer)
    states = [
        Row(_capital(str(code.label)), _state_mark(code.colour, code.symbol), written(count.classes[key]))
        for key, code in codes.items()
        if count.classes.get(key)
    ]
    rest = sum(n for key, n in count.classes.items() if key not in codes) if codes else 0
    none = [Row(str(_NO_STATE), _state_mark("unknown", ""), written(rest))] if rest else []
    return [head, *states, *none]


def _state_mark(colour: str, symbol: str) -> str:
    return mark_shape("circle", colour, symbol)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def description(picture: Picture, beside: Beside) -> str:
    """All that the picture says, in words."""
    rows = [f"{row.text}: {row.number}" for row in beside.rows if row.number]
    return ". ".join([*rows, *beside.notes, *picture.foot])
