from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "StART"

    def ready(self) -> None:
        from core.navigation import announce
        from evidence.packs.choosing import evidence_of_actions_by
        from evidence.panels import shown_beside_evidence
        from evidence.queries import readable_if
        from people.digests import register
        from people.notices import unread_notices
        from tracker import database, digest
        from tracker.attaching import evidence_for_pack
        from tracker.beside_evidence import actions_beside
        from tracker.duties import sensitive_evidence_of_my_actions
        from tracker.grants import announce_grants

        announce_grants()
        readable_if(sensitive_evidence_of_my_actions)
        evidence_of_actions_by(evidence_for_pack)
        shown_beside_evidence(actions_beside)
        pre_migrate.connect(
            database.lift_rules, sender=self, dispatch_uid="tracker.database.lift_rules"
        )
        post_migrate.connect(
            database.lay_rules, sender=self, dispatch_uid="tracker.database.lay_rules"
        )
        post_migrate.connect(
            database.lay_confidence_scale, sender=self, dispatch_uid="tracker.database.lay_scale"
        )
        register(20, "own", "My actions: overdue, due soon, not updated", digest.own)
        register(30, "asked", "What waits for me, and closures returned to me", digest.asked)
        announce(15, "My work", "tracker:work", waiting=unread_notices)
        announce(20, "Actions", "tracker:actions")
        announce(25, "Closures", "tracker:closures", also=("tracker:letters",))
        announce(30, "Publications", "tracker:publications")
        announce(40, "PAF", "tracker:frameworks")
        announce(90, "People", "tracker:leads")
