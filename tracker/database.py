"""What only the database can hold, laid after every migrate: SQLite forgets triggers now and then.

- Dated rows of one action (and, for leads, of one role) never overlap: an exclusion constraint on
  PostgreSQL, triggers on SQLite.
- An activity level only where the kind has one: triggers on both.
- The delivery confidence scale a new installation starts with.
"""

from typing import Any

from django.db import connections

# table, columns that say whose rows they are, name of the rule
_DATED = (
    ("tracker_statusperiod", ("action_id",), "tracker_statusperiod_no_overlap"),
    ("tracker_actionlead", ("action_id", "role"), "tracker_actionlead_no_overlap"),
    ("tracker_portalpresence", ("action_id",), "tracker_portalpresence_no_overlap"),
)
_LEVEL_RULE = "tracker_statusperiod_level_where_kind_has_one"
_SCALE = (
    (1, "High", "▲", "On course: the evidence is there or nearly there."),
    (2, "Medium", "◆", "Some doubt about the date or the result; known work remains."),
    (3, "Low", "▼", "In doubt: help or a decision is needed."),
)


def lay_confidence_scale(using: str = "default", **kwargs: Any) -> None:
    """Give an installation without a scale the three words of the paper (4.3)."""
    from tracker.models import Confidence

    if Confidence.objects.using(using).exists():
        return
    for order, name, symbol, meaning in _SCALE:
        Confidence.objects.using(using).create(
            order=order, name=name, symbol=symbol, meaning=meaning
        )


def lay_rules(using: str = "default", **kwargs: Any) -> None:
    """Lay the rules above; safe to run again."""
    connection = connections[using]
    statements = _postgresql() if connection.vendor == "postgresql" else _sqlite()
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def lift_rules(using: str = "default", **kwargs: Any) -> None:
    """Take SQLite's triggers off before a migrate, which lays them again when it is done.

    SQLite rebuilds a table that changes, and while it does, a trigger that names the table stops
    the rebuilding.
    """
    connection = connections[using]
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            for rule in (*(name for _, _, name in _DATED), _LEVEL_RULE):
                for event in ("insert", "update"):
                    cursor.execute(f"DROP TRIGGER IF EXISTS {rule}_{event}")


def _postgresql() -> list[str]:
    statements = ["CREATE EXTENSION IF NOT EXISTS btree_gist"]
    for table, columns, name in _DATED:
        keys = ", ".join(f"{column} WITH =" for column in columns)
        # Laid once: laying it anew would check every row after every migrate.
        statements.append(
            f"""
            DO $$ BEGIN
                IF NOT EXISTS (SELECT 1 FROM pg_constraint WHERE conname = '{name}') THEN
                    ALTER TABLE {table} ADD CONSTRAINT {name} EXCLUDE USING gist
                        ({keys}, daterange(started_on, ended_on, '[)') WITH &&);
                END IF;
            END $$
            """
        )
    statements.append(
        f"""
        CREATE OR REPLACE FUNCTION {_LEVEL_RULE}() RETURNS trigger AS $$
        BEGIN
            IF EXISTS (
                SELECT 1 FROM tracker_action a
                WHERE a.id = NEW.action_id AND NEW.level IS NOT NULL
                  AND (a.kind = 'cause_of_concern' OR a.register <> 'hmicfrs')
            ) THEN
                RAISE EXCEPTION '{_LEVEL_RULE}' USING ERRCODE = 'check_violation';
            END IF;
            RETURN NEW;
        END
        $$ LANGUAGE plpgsql
        """
    )
    statements.append(
        f"CREATE OR REPLACE TRIGGER {_LEVEL_RULE} BEFORE INSERT OR UPDATE ON tracker_statusperiod "
        f"FOR EACH ROW EXECUTE FUNCTION {_LEVEL_RULE}()"
    )
    return statements


def _sqlite() -> list[str]:
    statements = []
    for table, columns, name in _DATED:
        same = " AND ".join(f"other.{column} = NEW.{column}" for column in columns)
        for event in ("INSERT", "UPDATE"):
            trigger = f"{name}_{event.lower()}"
            statements += [
                f"DROP TRIGGER IF EXISTS {trigger}",
                f"""
                CREATE TRIGGER {trigger} BEFORE {event} ON {table}
                WHEN NEW.ended_on IS NULL OR NEW.ended_on > NEW.started_on
                BEGIN
                    SELECT RAISE(ABORT, '{name}') WHERE EXISTS (
                        SELECT 1 FROM {table} other
                        WHERE {same} AND other.id IS NOT NEW.id
                          AND (other.ended_on IS NULL OR other.ended_on > other.started_on)
                          AND (NEW.ended_on IS NULL OR other.started_on < NEW.ended_on)
                          AND (other.ended_on IS NULL OR NEW.started_on < other.ended_on)
                    );
                END
                """,
            ]
    for event in ("INSERT", "UPDATE"):
        trigger = f"{_LEVEL_RULE}_{event.lower()}"
        statements += [
            f"DROP TRIGGER IF EXISTS {trigger}",
            f"""
            CREATE TRIGGER {trigger} BEFORE {event} ON tracker_statusperiod
            WHEN NEW.level IS NOT NULL
            BEGIN
                SELECT RAISE(ABORT, '{_LEVEL_RULE}') WHERE EXISTS (
                    SELECT 1 FROM tracker_action a WHERE a.id = NEW.action_id
                      AND (a.kind = 'cause_of_concern' OR a.register <> 'hmicfrs')
                );
            END
            """,
        ]
    return statements
