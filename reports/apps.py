from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = "Committee reports"

    def ready(self) -> None:
        from core.navigation import announce
        from people import roles

        roles.grant("reports.write_report", roles.CORPORATE_SERVICES)
        roles.grant(
            "reports.view_committeereport",
            roles.CORPORATE_SERVICES,
            roles.CHAIR,
            roles.DEPUTY,
            roles.GOVERNANCE,
        )
        announce(70, "Reports", "reports:reports")
