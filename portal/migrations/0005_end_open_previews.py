from django.db import migrations


def _end_open_previews(apps, schema_editor):
    """Rows of earlier previews have no cells, so that they cannot be judged again."""
    imports = apps.get_model("portal", "SpreadsheetImport").objects
    imports.filter(state="previewed").update(
        state="refused",
        refusal="The portal has been upgraded since this list was uploaded. Upload it again.",
    )
    for each in imports.filter(state="applied"):
        each.counts["to_apply"] = each.counts.get("new", 0) + each.counts.get("changed", 0)
        each.save()


class Migration(migrations.Migration):
    dependencies = [("portal", "0004_spreadsheets")]

    operations = [migrations.RunPython(_end_open_previews, migrations.RunPython.noop)]
