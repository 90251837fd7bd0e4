"""Closures that came with a force's first list learn their route and what they wait for."""

from django.db import migrations


def fill(apps, schema_editor):
    closures = apps.get_model("tracker", "Closure")
    periods = apps.get_model("tracker", "StatusPeriod")
    for closure in closures.objects.filter(route="", ended_on=None).select_related("action"):
        period = periods.objects.get(action=closure.action_id, ended_on=None)
        with_hmicfrs = period.status == "with_hmicfrs"
        closure.route = {2: "local_closure", 3: "self_certification"}.get(
            period.level, "local_tracking"
        )
        closure.step = "with_hmicfrs" if with_hmicfrs else "to_complete"
        closure.step_since = closure.proposed_on
        closure.asked = closure.action.text
        closure.save()


class Migration(migrations.Migration):

    dependencies = [("tracker", "0006_closures_and_letters")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
