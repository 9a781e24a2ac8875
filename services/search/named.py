"""Records by their names: units in force, bodies, sites."""

from collections.abc import Mapping, Sequence

from django.contrib.postgres.search import TrigramWordDistance

from geodata.functions import Latitude, Longitude, MetresFrom
from layers.layer import Layer
from layers.query import FeatureQuery, matching, records
from layers.registry import all_layers
from services.search.asking import Asked
from services.search.boxes import boxes_of, rounded
from services.search.closeness import CANDIDATES, SIMILAR, Candidate, best_first, how_close
from services.search.kept_names import kept_records
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
    (key,), text, query = layer.search[:1], " ".join(asked.words), FeatureQuery(day=asked.day)
    # Which records are the layer's is known where they are kept: of places that reads every scope line.
    said = kept_records(layer, asked).titles if layer.few else None
    rows = matching(layer, query) if said is None else records(layer, query)
    rows = rows.filter(**{f"{key}__trigram_word_similar": text}).annotate(far=TrigramWordDistance(text, key))
    away = (MetresFrom(layer.point, *asked.position),) if asked.position else ()
    near = rows.order_by("far", *layer.prominent, "pk")
    found = near.values_list("pk", Longitude(layer.point), Latitude(layer.point), *away)[:CANDIDATES]
    chosen = [Candidate(pk, SIMILAR, *where) for pk, *where in found if said is None or pk in said][: asked.limit]
    return _described(layer, chosen, asked) if said is None else _results(layer, chosen, said, asked)


def _by_words(layer: Layer, words: tuple[str, ...], asked: Asked) -> list[dict]:
    if layer.few:
        names, said = kept_records(layer, asked)
        return _results(layer, names.best_first(words, asked.position)[: asked.limit], said, asked)
    rows, key = matching(layer, FeatureQuery(day=asked.day, words=words)), layer.search[0]
    best = best_first(rows, key, words, point=layer.point, then=layer.prominent, position=asked.position)
    return _described(layer, best[: asked.limit], asked)


def _described(layer: Layer, chosen: Sequence[Candidate], asked: Asked) -> list[dict]:
    """Candidates that are the layer's, as results in their order."""
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
