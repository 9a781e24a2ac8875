"""Cursors of keyset paging: signed, and bound to the layer, the filter, the order and the caller."""

import hashlib

from django.core import signing

from layers.access import User
from layers.errors import BadParameter, Gone
from layers.layer import Layer
from layers.order import BY_ID, Order, Place
from layers.query import FeatureQuery

SALT = "map.cursor"
MAX_AGE_S = 7 * 24 * 3600


def write_cursor(after: Place, layer: Layer, query: FeatureQuery, user: User, order: Order = BY_ID) -> str:
    """The cursor of the page that begins behind the row `after`."""
    held = [after.id, after.value] if order.field else after.id
    return signing.dumps([held, _binding(layer, query, user, order)], salt=SALT, compress=True)


def read_cursor(text: str, layer: Layer, query: FeatureQuery, user: User, order: Order = BY_ID) -> Place:
    """The row behind which the page begins.

    Raises BadParameter for a cursor that was changed or made for another question, Gone for one that is too old.
    """
    try:
        held, binding = signing.loads(text, salt=SALT, max_age=MAX_AGE_S)
    except signing.SignatureExpired as error:
        raise Gone(
            "cursor.expired", "Con trỏ trang đã hết hạn.", "The cursor has expired.", parameter="cursor"
        ) from error
    except signing.BadSignature as error:
        raise _invalid() from error
    if binding != _binding(layer, query, user, order):
        raise _invalid()
    return Place(*held) if order.field else Place(held)


def _binding(layer: Layer, query: FeatureQuery, user: User, order: Order) -> str:
    who = getattr(user, "pk", None)
    asked = (layer.name, query, who, order.text) if order.text else (layer.name, query, who)
    return hashlib.blake2b(repr(asked).encode(), digest_size=12).hexdigest()


def _invalid() -> BadParameter:
    return BadParameter(
        "cursor.invalid",
        "Con trỏ trang không dùng được cho câu hỏi này.",
        "The cursor does not belong to this question.",
        parameter="cursor",
    )
