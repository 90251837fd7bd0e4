"""Work for `test_migrations`, in a process of its own: settings with a migrated database of its own
to take back to before FIVES and the PAF, fill, and bring to today.

Arguments: "on" or "back".
"""

import datetime as dt
import sys
from typing import Any

import django
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

OLD = [("inspections", "0005_fives_and_paf"), ("evidence", "0002_fives_and_paf")]
# The days that a publication's plenary session had, as it was changed from one to the next.
DAYS: dict[str, list[str | None]] = {
    "kept": [None, "2024-05-01", "2024-05-01", "2024-05-02"],
    "removed": ["2024-05-03", None],
    "again": ["2024-05-04", None, "2024-05-05"],
    "never": [None, None],
}


def fill(apps: Any) -> None:
    """Rows as they were written before."""
    actor = apps.get_model("people", "User").objects.create(username="governance")
    for title, days in DAYS.items():
        values = {
            "title": title,
            "slug": title,
            "published_on": "2024-04-01",
            "type": "national_thematic",
            "scope": "national",
            "response_rule": "none",
            "plenary_on": days[-1],
        }
        made = apps.get_model("inspections", "Publication").objects.create(**values)
        for number, held_on in enumerate(days):
            apps.get_model("inspections", "HistoricalPublication").objects.create(
                **{**values, "plenary_on": held_on},
                id=made.pk,
                history_type="~" if number else "+",
                history_date=dt.datetime(2024, 6, 1 + number, 12, tzinfo=dt.UTC),
                history_user_id=actor.pk,
                history_change_reason="As the secretary said" if number else "",
            )
    for dated_on in ("2024-02-29", "2024-10-01"):
        values = {"title": dated_on, "dated_on": dated_on}
        made = apps.get_model("evidence", "Evidence").objects.create(owner_id=actor.pk, **values)
        apps.get_model("evidence", "HistoricalEvidence").objects.create(
            **values, id=made.pk, history_type="+", history_date=dt.datetime.now(dt.UTC)
        )


def main(way: str) -> None:
    django.setup()
    if way == "back":
        MigrationExecutor(connection).migrate(OLD)
        return
    before = MigrationExecutor(connection).migrate(OLD)
    fill(before.apps)
    onward = MigrationExecutor(connection)
    onward.migrate(onward.loader.graph.leaf_nodes())


if __name__ == "__main__":
    main(sys.argv[1])
