from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Spreadsheets"

    def ready(self) -> None:
        from core.navigation import announce
        from people import roles

        roles.grant("portal.import_spreadsheet", roles.ADMINISTRATOR)
        roles.grant("portal.reconcile", roles.GOVERNANCE)
        announce(45, "HMICFRS portal", "portal:reconciliation")
        announce(60, "Imports", "portal:imports")
