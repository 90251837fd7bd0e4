from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "people"
    verbose_name = "People"

    def ready(self) -> None:
        from core.access import everyone, library_rules, signed_in
        from people import roles

        post_migrate.connect(roles.lay_roles, dispatch_uid="people.roles")
        library_rules.update(
            account_login=everyone,
            account_logout=everyone,
            account_inactive=everyone,
            account_signup=everyone,
            account_change_password=signed_in,
            account_reauthenticate=signed_in,
        )
        roles.grant("people.view_lead", roles.STAFF)
        roles.grant("people.manage_people", roles.ADMINISTRATOR)
        # `core` knows no roles, so its permission is given here.
        roles.grant(
            "core.share_view",
            roles.GOVERNANCE,
            roles.ADMINISTRATOR,
            roles.CHAIR,
            roles.CORPORATE_SERVICES,
        )
