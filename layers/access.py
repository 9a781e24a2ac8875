"""The gate: who sees which rows and which fields of a layer, and through which connection.

Every way in asks here, counts, facets and caches included. Behind it stands the open role (`open_schema`):
should a filter be forgotten, anonymous requests still read published rows and public columns only.
"""

from dataclasses import dataclass
from typing import TypeAlias

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Q

from layers.errors import NotAllowed, SignInNeeded
from layers.layer import Field, Layer

User: TypeAlias = AbstractBaseUser | AnonymousUser | None


@dataclass(frozen=True)
class Access:
    """What a caller may read of a layer: connection, row condition, condition on scope lines, fields."""

    using: str
    rows: Q
    lines: Q
    fields: tuple[Field, ...]


def connection_for(user: User) -> str:
    """The database connection of a caller: `open` for the public (None), `default` for staff."""
    return "open" if user is None else "default"


def access(layer: Layer, user: User) -> Access:
    """What `user` may read of `layer`; None is the public, whoever is signed in.

    Raises SignInNeeded for an anonymous caller of the staff scope, NotAllowed for one without a right.
    """
    if user is None:
        fields = tuple(field for field in layer.fields if field.shown and not field.roles)
        return Access("open", layer.public, layer.lines.public if layer.lines else Q(), fields)
    if not user.is_authenticated:
        raise SignInNeeded("sign_in", "Cần đăng nhập.", "Sign in first.", parameter="scope")
    if not getattr(user, "is_superuser", False):
        raise NotAllowed("not_allowed", "Tài khoản này không có quyền xem.", "This account has no right to this.")
    return Access("default", Q(), Q(), tuple(field for field in layer.fields if field.shown))
