from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inspections", "0006_plenary_sessions")]

    operations = [
        migrations.RemoveField(model_name="historicalpublication", name="plenary_on"),
        migrations.RemoveField(model_name="publication", name="plenary_on"),
    ]
