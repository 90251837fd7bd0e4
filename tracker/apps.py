from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class TrackerConfig(AppConfig):
    name = "tracker"
    verbose_name = "StART"

    def ready(self) -> None:
        from core.navigation import announce
        from evidence.actions import actions_found_by
        from evidence.packs.choosing import evidence_of_actions_by
        from evidence.panels import shown_beside_evidence, tied_by
        from evidence.queries import readable_if
        from inspections.carrying import carried_by
        from people.digests import register
        from people.notices import unread_notices
        from tracker import database, digest, response_digest
        from tracker.attaching import evidence_for_pack, tie_of
        from tracker.beside_evidence import action_readable, actions_beside
        from tracker.carrying import ACTIONS
        from tracker.duties import sensitive_evidence_of_my_actions
        from tracker.grants import announce_grants
        from tracker.improvement import my_items
        from tracker.reminded import meetings_to_keep
        from tracker.work import also_asked

        announce_grants()
        also_asked(meetings_to_keep)
        readable_if(sensitive_evidence_of_my_actions)
        evidence_of_actions_by(evidence_for_pack)
        carried_by(ACTIONS)
        shown_beside_evidence(actions_beside)
        tied_by(tie_of)
        actions_found_by(action_readable)
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
        register(25, "plan", "My improvement items: overdue, due soon", digest.plan)
        register(30, "asked", "What waits for me, and closures returned to me", digest.asked)
        register(
            35,
            "responses",
            "Responses to publications that are due",
            response_digest.due,
            at_once=True,
        )
        also_asked(my_items)
        announce(15, "My work", "tracker:work", waiting=unread_notices)
        announce(20, "Actions", "tracker:actions")
        announce(25, "Closures", "tracker:closures", also=("tracker:letters",))
        announce(30, "Publications", "tracker:publications")
        announce(40, "PAF", "tracker:frameworks")
        announce(90, "People", "tracker:leads")
