from django.apps import AppConfig
from django.db.models.signals import post_migrate


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "FIVES"

    def ready(self) -> None:
        from core.navigation import announce
        from evidence import database, digest
        from evidence.carrying import EvidenceLinks
        from evidence.panels import shown_beside_evidence
        from evidence.practice_panel import practice_beside
        from inspections.carrying import carried_by
        from people import roles
        from people.digests import register

        roles.grant("evidence.view_evidence", roles.STAFF)
        roles.grant("evidence.add_evidence", roles.STAFF)
        roles.grant(
            "evidence.view_sensitive_evidence",
            roles.ASSURANCE,
            roles.GOVERNANCE,
            roles.CHAIR,
            roles.DEPUTY,
        )
        roles.grant("evidence.keep_evidence", roles.ASSURANCE, roles.GOVERNANCE)
        carried_by(EvidenceLinks())
        roles.grant("evidence.keep_meetings", roles.ASSURANCE, roles.GOVERNANCE)
        roles.grant("evidence.keep_practice", roles.ASSURANCE, roles.GOVERNANCE)
        register(50, "meetings", digest.HEADING, digest.meetings)
        shown_beside_evidence(practice_beside)
        announce(50, "Evidence", "evidence:items")
        post_migrate.connect(
            database.lay_search, sender=self, dispatch_uid="evidence.database.lay_search"
        )
