"""The database backend: `ENGINE` names this folder."""

from select import POLLIN, poll

from django.contrib.gis.db.backends.postgis.base import DatabaseWrapper as PostGISWrapper
from psycopg2.extensions import TRANSACTION_STATUS_IDLE


class DatabaseWrapper(PostGISWrapper):
    """A connection that stayed open is asked whether it lives only where there is a doubt."""

    def is_usable(self) -> bool:
        """A server that is idle sends nothing. Where something came, as when it hung up, it is asked: `SELECT 1`.

        Asking before each request costs a round trip, more than a tile of many is worth. Inside a transaction, which
        may have failed, it is asked always.
        """
        idle = self.connection.info.transaction_status == TRANSACTION_STATUS_IDLE
        return (idle and self._is_quiet()) or bool(super().is_usable())

    def _is_quiet(self) -> bool:
        """Whether nothing has come that is not read yet. `poll` takes any descriptor, `select` those below 1,024."""
        looking = poll()
        looking.register(self.connection, POLLIN)
        return not looking.poll(0)
