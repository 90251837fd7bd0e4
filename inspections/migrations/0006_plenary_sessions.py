from django.db import migrations

_SAME = ("history_date", "history_user_id", "request_id", "user_name")


def _make_plenaries(apps, schema_editor):
    """The day of a plenary session was a field of the publication; it becomes a record of its own,
    and so does what the history says of it.
    """
    plenaries = apps.get_model("inspections", "Plenary").objects
    publications = apps.get_model("inspections", "Publication").objects
    history = apps.get_model("inspections", "HistoricalPublication").objects
    past = apps.get_model("inspections", "HistoricalPlenary").objects
    for publication in publications.exclude(plenary_on=None):
        plenary = plenaries.create(
            publication_id=publication.pk, held_on=publication.plenary_on
        )
        before = None
        for row in history.filter(id=publication.pk).order_by("history_date", "history_id"):
            if row.plenary_on in (None, before):
                continue
            plenary.recorded_at = row.history_date if before is None else plenary.recorded_at
            plenary.recorded_by_id = row.history_user_id if before is None else plenary.recorded_by_id
            past.create(
                id=plenary.pk,
                publication_id=publication.pk,
                held_on=row.plenary_on,
                recorded_at=plenary.recorded_at,
                recorded_by_id=plenary.recorded_by_id,
                history_type="+" if before is None else "~",
                history_change_reason=row.history_change_reason or "Plenary session recorded",
                **{name: getattr(row, name) for name in _SAME},
            )
            before = row.plenary_on
        plenary.save()


class Migration(migrations.Migration):
    dependencies = [("inspections", "0005_fives_and_paf")]

    operations = [migrations.RunPython(_make_plenaries, migrations.RunPython.noop)]
