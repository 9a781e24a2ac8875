"""One record by its id: what is there, what was merged, what is gone."""

import re
from dataclasses import replace

from layers.access import User, connection_for
from layers.errors import FeatureError, Gone, NotFound, not_found
from layers.layer import Layer
from layers.query import FeatureQuery, map_day, matching, select
from layers.registers.map_day import Tombstone

_ID = re.compile(r"0|[1-9][0-9]{0,15}", re.ASCII)


class Merged(FeatureError):
    """The record lives on in another one of the same layer."""

    status = 301

    def __init__(self, into: int) -> None:
        super().__init__("record.merged", "Bản ghi đã nhập vào bản ghi khác.", "The record was merged into another.")
        self.into = into


def find(layer: Layer, query: FeatureQuery, number: str, user: User = None) -> tuple:
    """The record's row as `select` gives it, geometry last.

    Raises NotFound (never there, not on the day asked for, or not for this caller), Gone (withdrawn), Merged.
    """
    if not _ID.fullmatch(number):
        raise not_found()
    row = select(layer, query, user, geometry=True).filter(pk=int(number)).first()
    if row is None:
        raise _not_that_day(layer, query, int(number), user) or _gone(layer, int(number), user)
    return row


def _not_that_day(layer: Layer, query: FeatureQuery, number: int, user: User) -> FeatureError | None:
    """The refusal of a day on which a record that is there now was not."""
    today = replace(query, day=map_day(connection_for(user)), on=None)
    if query.on is None or not matching(layer, today, user).filter(pk=number).exists():
        return None
    return NotFound(
        "record.not_on_day",
        f"Ngày {query.on:%d/%m/%Y} chưa có bản ghi này.",
        f"This record was not there on {query.on:%d/%m/%Y}.",
        parameter="on",
    )


def _gone(layer: Layer, number: int, user: User) -> FeatureError:
    stone = Tombstone.objects.using(connection_for(user)).filter(layer=layer.name, record=number).first()
    if stone is None:
        return not_found()
    if stone.merged_into is not None:
        return Merged(stone.merged_into)
    day = stone.gone_on
    return Gone(
        "record.gone",
        f"Bản ghi đã được rút ngày {day:%d/%m/%Y}.",
        f"The record was withdrawn on {day:%d/%m/%Y}.",
    )
