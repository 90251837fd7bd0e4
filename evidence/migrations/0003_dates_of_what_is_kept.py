from django.db import migrations

from evidence.freshness import retention_day, review_day


def _by_its_date(apps, schema_editor):
    """Evidence that was kept before it had a review day and a retention review gets those that
    follow from its own date.
    """
    for name in ("Evidence", "HistoricalEvidence"):
        rows = apps.get_model("evidence", name).objects
        for dated_on in set(rows.order_by().values_list("dated_on", flat=True)):
            rows.filter(dated_on=dated_on).update(
                review_by=review_day(dated_on), retention_review_on=retention_day(dated_on)
            )


class Migration(migrations.Migration):
    dependencies = [("evidence", "0002_fives_and_paf")]

    operations = [migrations.RunPython(_by_its_date, migrations.RunPython.noop)]
