"""The roles of a force, as Django groups, and the permissions each room grants to them.

Rooms announce their grants in `ready()` with `grant(...)`; `lay_roles` writes them after every
migrate, so a fresh database, a test database and an upgraded one hold the same. Being signed in and
active is the role "staff": everyone who can sign in belongs to that group.
"""

from collections import defaultdict
from typing import Any

from django.apps import AppConfig

STAFF = "staff"
DELIVERY_LEAD = "delivery lead"
EXECUTIVE_LEAD = "executive lead"
ASSURANCE = "review and assurance"
GOVERNANCE = "governance officer"
EXECUTIVE_SUPPORT = "executive support"
BOARD_MEMBER = "board member"
CHAIR = "board chair"
DEPUTY = "nominated deputy"
CORPORATE_SERVICES = "corporate services"
ADMINISTRATOR = "administrator"

# Role -> what it may do, in the words of the page where roles are given.
ROLES: dict[str, str] = {
    STAFF: "Reads actions, publications and the framework; saves views; exports lists.",
    DELIVERY_LEAD: "Keeps own actions up to date and proposes their closure.",
    EXECUTIVE_LEAD: "The same across own question areas; agrees revised dates.",
    ASSURANCE: "Assures or returns closures; reviews evidence.",
    GOVERNANCE: "Records publications and actions; allocates; letters; HMICFRS outcomes.",
    EXECUTIVE_SUPPORT: "Compiles the Board's agenda and takes notes.",
    BOARD_MEMBER: "Reads the Board’s pack, and what is sensitive in it until the Board closes.",
    CHAIR: "Approves, returns or defers closures; releases committee reports.",
    DEPUTY: "Decides in the chair's place when nominated for a meeting.",
    CORPORATE_SERVICES: "Writes, previews and exports committee reports.",
    ADMINISTRATOR: "Imports spreadsheets; people, roles and reference data.",
}

_grants: dict[str, set[str]] = defaultdict(set)


def grant(permission: str, *roles: str) -> None:
    """Say that these roles hold a permission, e.g. `grant("portal.import_spreadsheet",
    ADMINISTRATOR)`.

    Raises:
        ValueError: a role is not one of ROLES.
    """
    unknown = set(roles) - set(ROLES)
    if unknown:
        raise ValueError(f"No such role: {', '.join(sorted(unknown))}.")
    _grants[permission].update(roles)


def lay_roles(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Write the groups and exactly the granted permissions of the app that was just migrated."""
    from django.contrib.auth.models import Group, Permission

    groups = {name: Group.objects.using(using).get_or_create(name=name)[0] for name in ROLES}
    for permission in (
        Permission.objects.using(using)
        .filter(content_type__app_label=sender.label)
        .select_related("content_type")
    ):
        holders = _grants.get(f"{sender.label}.{permission.codename}", set())
        permission.group_set.set([groups[name] for name in holders])
