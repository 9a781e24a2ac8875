"""The database backend: `ENGINE` names this folder."""

from select import select

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
        quiet = idle and not select([self.connection], [], [], 0)[0]
        return quiet or bool(super().is_usable())
