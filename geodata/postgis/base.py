"""The database backend: `ENGINE` names this folder."""

from select import select

from django.contrib.gis.db.backends.postgis.base import DatabaseWrapper as PostGISWrapper


class DatabaseWrapper(PostGISWrapper):
    """A connection that stayed open is asked whether it lives only where there is a doubt."""

    def is_usable(self) -> bool:
        """A server that is idle sends nothing. Where something came, as when it hung up, it is asked: `SELECT 1`.

        Asking before each request costs a round trip, more than a tile of many is worth.
        """
        came, _, _ = select([self.connection], [], [], 0)
        return bool(super().is_usable()) if came else True
