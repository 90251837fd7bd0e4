from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "Publications and frameworks"

    def ready(self) -> None:
        from core.navigation import announce
        from people import roles

        roles.grant("inspections.view_publication", roles.STAFF)
        roles.grant("inspections.view_framework", roles.STAFF)
        announce(30, "Publications", "inspections:publications")
        announce(40, "PAF", "inspections:frameworks")
