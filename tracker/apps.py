from django.apps import AppConfig
from django.db.models.signals import post_migrate


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "StART"

    def ready(self) -> None:
        from core.navigation import announce
        from people import roles
        from tracker import database

        roles.grant("tracker.view_action", roles.STAFF)
        roles.grant(
            "tracker.view_sensitive_action",
            roles.ASSURANCE,
            roles.GOVERNANCE,
            roles.CHAIR,
            roles.DEPUTY,
        )
        post_migrate.connect(
            database.lay_rules, sender=self, dispatch_uid="tracker.database.lay_rules"
        )
        post_migrate.connect(
            database.lay_confidence_scale, sender=self, dispatch_uid="tracker.database.lay_scale"
        )
        announce(20, "Actions", "tracker:actions")
        announce(30, "Publications", "tracker:publications")
        announce(40, "PAF", "tracker:frameworks")
        announce(90, "People", "tracker:leads")
