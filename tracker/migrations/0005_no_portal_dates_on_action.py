from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('tracker', '0004_portal_presence'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='action',
            name='tracker_action_gone_only_after_seen',
        ),
        migrations.RemoveField(
            model_name='action',
            name='portal_assumed',
        ),
        migrations.RemoveField(
            model_name='action',
            name='portal_first_seen',
        ),
        migrations.RemoveField(
            model_name='action',
            name='portal_gone_since',
        ),
        migrations.RemoveField(
            model_name='action',
            name='portal_last_seen',
        ),
        migrations.RemoveField(
            model_name='historicalaction',
            name='portal_assumed',
        ),
        migrations.RemoveField(
            model_name='historicalaction',
            name='portal_first_seen',
        ),
        migrations.RemoveField(
            model_name='historicalaction',
            name='portal_gone_since',
        ),
        migrations.RemoveField(
            model_name='historicalaction',
            name='portal_last_seen',
        ),
    ]
