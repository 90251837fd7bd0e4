import datetime as dt

from django.conf import settings
from django.db import migrations


def _by_its_date(apps, schema_editor):
    """Evidence that was kept before it had a review day and a retention review gets those that
    follow from its own date.
    """
    for name in ("Evidence", "HistoricalEvidence"):
        rows = apps.get_model("evidence", name).objects
        for dated_on in set(rows.order_by().values_list("dated_on", flat=True)):
            rows.filter(dated_on=dated_on).update(
                review_by=dated_on + dt.timedelta(days=settings.EVIDENCE_REVIEW_DAYS),
                retention_review_on=_years_on(dated_on, settings.EVIDENCE_RETENTION_YEARS),
            )


def _years_on(day, years):
    # 29 February has no anniversary in most years.
    last = day.replace(day=28) if (day.month, day.day) == (2, 29) else day
    return last.replace(year=day.year + years)


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_fives_and_paf")]

    operations = [migrations.RunPython(_by_its_date, migrations.RunPython.noop)]
