"""Records by their names: units in force, bodies, sites."""

from collections.abc import Mapping, Sequence

from django.contrib.postgres.search import TrigramWordDistance

from geodata.functions import Latitude, Longitude, MetresFrom
from layers.layer import Layer
from layers.query import FeatureQuery, matching, records
from layers.registry import all_layers
from services.search.asking import Asked
from services.search.boxes import boxes_of, rounded
from services.search.closeness import SIMILAR, Candidate, best_first, how_close
from services.search.kept_names import records_of
from services.search.titles import Title, titles


def named(asked: Asked) -> list[dict]:
    """Results of every layer whose records have names, areas before points."""
    return [result for layer in _named() for result in _of_layer(layer, asked)]


def _named() -> list[Layer]:
    layers = [layer for layer in all_layers() if layer.heading == "name"]
    return sorted(layers, key=lambda layer: layer.geometry == "point")


def _of_layer(layer: Layer, asked: Asked) -> list[dict]:
    """By the words as typed; where those find nothing, by what they may have been meant to be."""
    return next(filter(None, (_by_words(layer, words, asked) for words in asked.readings)), [])


def alike(asked: Asked) -> list[dict]:
    """Records whose names only look like what was typed, for where nothing else is found: all of them similar."""
    return [result for layer in _named() for result in _alike_of_layer(layer, asked)]


def _alike_of_layer(layer: Layer, asked: Asked) -> list[dict]:
    (key,), text, point = layer.search[:1], " ".join(asked.words), _point(layer)
    rows = records(layer, FeatureQuery(day=asked.day)).filter(**{f"{key}__trigram_word_similar": text})
    near = rows.annotate(far=TrigramWordDistance(text, key)).order_by("far", *layer.prominent, "pk")
    away = (MetresFrom(point, *asked.position),) if asked.position else ()
    found = near.values_list("pk", Longitude(point), Latitude(point), *away)
    if not layer.few:
        return _described(layer, [Candidate(pk, SIMILAR, *where) for pk, *where in found[: asked.limit]], asked)
    _, said = records_of(layer, asked)  # which of the records are the layer's
    own = [Candidate(pk, SIMILAR, *where) for pk, *where in found if pk in said]
    return _results(layer, own[: asked.limit], said, asked)


def _by_words(layer: Layer, words: tuple[str, ...], asked: Asked) -> list[dict]:
    if layer.few:
        names, said = records_of(layer, asked)
        return _results(layer, names.best_first(words, asked.position)[: asked.limit], said, asked)
    rows, point = matching(layer, FeatureQuery(day=asked.day, words=words)), _point(layer)
    best = best_first(rows, layer.search[0], words, point=point, then=layer.prominent, position=asked.position)
    return _described(layer, best[: asked.limit], asked)


def _point(layer: Layer) -> str:
    return "geom" if layer.geometry == "point" else "label_point"


def _described(layer: Layer, chosen: Sequence[Candidate], asked: Asked) -> list[dict]:
    rows = matching(layer, FeatureQuery(day=asked.day)).filter(pk__in=[one.pk for one in chosen])
    return _results(layer, chosen, titles(layer, rows, asked.day), asked) if chosen else []


def _results(layer: Layer, chosen: Sequence[Candidate], said: Mapping[int, Title], asked: Asked) -> list[dict]:
    """The candidates as results, in their order."""
    boxes = boxes_of([one.pk for one in chosen], asked) if layer.outlines else {}
    return [
        {
            "kind": layer.name,
            "layer": layer.name,
            "id": one.pk,
            **said[one.pk].texts(),
            "point": rounded((one.lon, one.lat)),
            "bbox": boxes.get(one.pk),
            **({} if one.metres is None else {"distance_m": round(one.metres)}),
            **how_close(one.closeness),
        }
        for one in chosen
    ]
