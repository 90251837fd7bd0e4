from django.apps import AppConfig
from django.db.models.signals import post_migrate, post_save


class EvidenceConfig(AppConfig):
    name = "evidence"
    verbose_name = "FIVES"

    def ready(self) -> None:
        from core.navigation import announce
        from evidence import database, words
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
        post_save.connect(
            words.on_saved_evidence, sender="evidence.Evidence", dispatch_uid="evidence.words"
        )
        post_save.connect(
            words.on_saved_file, sender="evidence.EvidenceFile", dispatch_uid="evidence.words_file"
        )
        post_migrate.connect(
            database.lay_search, sender=self, dispatch_uid="evidence.database.lay_search"
        )
