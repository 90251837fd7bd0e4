from django.apps import AppConfig
from django.db.models.signals import post_migrate


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "Publications, inspections and frameworks"

    def ready(self) -> None:
        from core.navigation import announce
        from inspections import grading
        from inspections.carriers import OWN
        from inspections.carrying import carried_by
        from people import roles

        for carrier in OWN:
            carried_by(carrier)
        roles.grant("inspections.view_publication", roles.STAFF)
        roles.grant("inspections.view_framework", roles.STAFF)
        # A new version of the framework: taking it in, mapping, carrying over.
        roles.grant("inspections.add_framework", roles.ADMINISTRATOR, roles.GOVERNANCE)
        roles.grant("inspections.change_framework", roles.ADMINISTRATOR, roles.GOVERNANCE)
        roles.grant("inspections.view_inspection", roles.STAFF)
        roles.grant("inspections.assess_any_question", roles.GOVERNANCE)
        roles.grant("inspections.change_inspection", roles.GOVERNANCE)
        roles.grant("inspections.change_monitoringscheme", roles.GOVERNANCE, roles.ADMINISTRATOR)
        post_migrate.connect(
            grading.lay_scale, sender=self, dispatch_uid="inspections.grading.lay_scale"
        )
        announce(35, "Inspections", "inspections:inspections")
        roles.grant(
            "inspections.read_proposed_review",
            roles.BOARD_MEMBER,
            roles.CHAIR,
            roles.DEPUTY,
            roles.GOVERNANCE,
            roles.EXECUTIVE_SUPPORT,
            roles.ASSURANCE,
        )
