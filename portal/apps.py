from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "Spreadsheets"

    def ready(self) -> None:
        from core.listing import ListPage
        from core.navigation import announce
        from people import roles
        from portal.reconciliation.owning import owned_by
        from portal.reconciliation.telling import (
            as_new_action,
            beside_action,
            compare_new_actions,
            differences_on,
            first_seen_on,
        )
        from portal.views.out import FOR_EDITING
        from tracker.outside import (
            described_by,
            portal_compared_by,
            seen_by,
            shown_beside_actions,
            told_of_new_actions,
        )
        from tracker.work import also_asked

        roles.grant("portal.import_spreadsheet", roles.ADMINISTRATOR)
        roles.grant("portal.reconcile", roles.GOVERNANCE)
        described_by(as_new_action)
        portal_compared_by(differences_on)
        shown_beside_actions(beside_action)
        seen_by(first_seen_on)
        told_of_new_actions(compare_new_actions)
        also_asked(owned_by)
        announce(45, "HMICFRS portal", "portal:reconciliation")
        announce(60, "Imports", "portal:imports", also=("portal:layouts", "portal:guide"))
        ListPage.announce_export("tracker:actions", FOR_EDITING)
