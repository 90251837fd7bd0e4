from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "Publications, inspections and frameworks"

    def ready(self) -> None:
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
        roles.grant(
            "inspections.read_proposed_review",
            roles.BOARD_MEMBER,
            roles.CHAIR,
            roles.DEPUTY,
            roles.GOVERNANCE,
            roles.EXECUTIVE_SUPPORT,
            roles.ASSURANCE,
        )
