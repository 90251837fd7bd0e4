"""Work that is done by one process at a time, on however many machines the portal runs."""

from enum import IntEnum

from django.db import connection


class Turn(IntEnum):
    """What takes turns. Any numbers will do, as long as every process knows the same."""

    PREPARING = 5_741_328
    APPLYING_AN_IMPORT = 5_741_329
    NUMBERING_ACTIONS = 5_741_330
    COMPARING_WITH_THE_PORTAL = 5_741_340
    KEEPING_A_FILE = 5_741_341


def wait_for_turn(turn: Turn, about: str = "") -> None:
    """Wait until nobody else has the turn, and keep it until the transaction ends.

    On SQLite there is nothing to do: its transactions take turns anyway.

    Args:
        turn: of which work.
        about: what it is done with; work with other things does not wait.
    """
    if connection.vendor != "postgresql":
        return
    with connection.cursor() as cursor:
        if about:
            cursor.execute("SELECT pg_advisory_xact_lock(%s, hashtext(%s))", [int(turn), about])
        else:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(turn)])
