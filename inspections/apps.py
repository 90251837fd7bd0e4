from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "Publications and frameworks"

    def ready(self) -> None:
        from people import roles

        roles.grant("inspections.view_publication", roles.STAFF)
        roles.grant("inspections.view_framework", roles.STAFF)
