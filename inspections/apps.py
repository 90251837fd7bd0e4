from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "Publications, inspections and frameworks"

    def ready(self) -> None:
        from people import roles

        roles.grant("inspections.view_publication", roles.STAFF)
        roles.grant("inspections.view_framework", roles.STAFF)
        roles.grant("inspections.view_inspection", roles.STAFF)
        roles.grant("inspections.assess_any_question", roles.GOVERNANCE)
        roles.grant(
            "inspections.read_proposed_review",
            roles.BOARD_MEMBER,
            roles.CHAIR,
            roles.DEPUTY,
            roles.GOVERNANCE,
            roles.EXECUTIVE_SUPPORT,
            roles.ASSURANCE,
        )
