from django.db import migrations

_SAME = ("history_date", "history_user_id", "request_id", "user_name", "history_change_reason")


def _make_plenaries(apps, schema_editor):
    """The day of a plenary session was a field of the publication; it becomes a record of its own,
    and so does what the history says of it, of days that were taken away again too.

    Sessions that are there already stay: someone has gone back and comes again.
    """
    past = apps.get_model("inspections", "HistoricalPlenary").objects
    plenaries = apps.get_model("inspections", "Plenary").objects
    for publication in apps.get_model("inspections", "Publication").objects.order_by("pk"):
        there_already = (
            plenaries.filter(publication_id=publication.pk).exists()
            or past.filter(publication_id=publication.pk).exists()
        )
        if not there_already:
            _make_plenaries_of(publication, apps)


def _make_plenaries_of(publication, apps):
    plenaries = apps.get_model("inspections", "Plenary").objects
    history = apps.get_model("inspections", "HistoricalPublication").objects
    plenary = None
    for row in history.filter(id=publication.pk).order_by("history_date", "history_id"):
        if plenary is None and row.plenary_on is not None:
            plenary = plenaries.create(
                publication_id=publication.pk,
                held_on=row.plenary_on,
                recorded_at=row.history_date,
                recorded_by_id=row.history_user_id,
            )
            _remember(apps, plenary, row, "+", "Plenary session recorded")
        elif plenary is not None and row.plenary_on is None:
            _remember(apps, plenary, row, "-", "Plenary session taken away")
            plenary.delete()
            plenary = None
        elif plenary is not None and row.plenary_on != plenary.held_on:
            plenary.held_on = row.plenary_on
            plenary.save()
            _remember(apps, plenary, row, "~", "Plenary session changed")
    _settle(publication, plenary, plenaries)


def _remember(apps, plenary, row, kind, otherwise):
    """Write a row of the publication's history as one of the session.

    Args:
        plenary: as it stood after the row; as it was before one that takes it away.
        kind: "+", "~" or "-".
        otherwise: the reason, where the row gives none.
    """
    same = {name: getattr(row, name) for name in _SAME}
    apps.get_model("inspections", "HistoricalPlenary").objects.create(
        id=plenary.pk,
        publication_id=plenary.publication_id,
        held_on=plenary.held_on,
        recorded_at=plenary.recorded_at,
        recorded_by_id=plenary.recorded_by_id,
        history_type=kind,
        **{**same, "history_change_reason": same["history_change_reason"] or otherwise},
    )


def _settle(publication, plenary, plenaries):
    """What the publication says holds, whatever its history says."""
    if publication.plenary_on is None:
        if plenary is not None:
            plenary.delete()
    elif plenary is None:
        plenaries.create(publication_id=publication.pk, held_on=publication.plenary_on)
    elif plenary.held_on != publication.plenary_on:
        plenary.held_on = publication.plenary_on
        plenary.save()


def _give_days_back(apps, schema_editor):
    publications = apps.get_model("inspections", "Publication").objects
    for plenary in apps.get_model("inspections", "Plenary").objects.all():
        publications.filter(pk=plenary.publication_id).update(plenary_on=plenary.held_on)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0005_fives_and_paf")]

    operations = [migrations.RunPython(_make_plenaries, _give_days_back)]
