from django.apps import AppConfig


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "FIVES"

    def ready(self) -> None:
        from core.navigation import announce
        from evidence.carrying import EvidenceLinks
        from inspections.carrying import carried_by
        from people import roles

        roles.grant("evidence.view_evidence", roles.STAFF)
        roles.grant("evidence.add_evidence", roles.STAFF)
        roles.grant(
            "evidence.view_sensitive_evidence",
            roles.ASSURANCE,
            roles.GOVERNANCE,
            roles.CHAIR,
            roles.DEPUTY,
        )
        carried_by(EvidenceLinks())
        announce(50, "Evidence", "evidence:items")
