from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Spreadsheets"

    def ready(self) -> None:
        from core.listing import ListPage
        from core.navigation import announce
        from people import roles
        from portal.views.out import FOR_EDITING

        roles.grant("portal.import_spreadsheet", roles.ADMINISTRATOR)
        roles.grant("portal.reconcile", roles.GOVERNANCE)
        announce(60, "Imports", "portal:imports", also=("portal:layouts",))
        ListPage.announce_export("tracker:actions", FOR_EDITING)
