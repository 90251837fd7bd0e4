"""The cast of the demonstration: accounts with a published password, in demo mode only."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import transaction

from people import roles
from people.leads import lead_named
from people.models import LeadHolder, User

DEMO_PASSWORD = "demo-StART-2024"  # published on purpose: demo accounts exist in demo mode only
_POSTED_ON = dt.date(2023, 6, 1)


@dataclass(frozen=True)
class DemoAccount:
    """Somebody to sign in as.

    Args:
        username: what to type.
        name: how colleagues see them.
        line: what they do, in one line, for the sign-in page.
        roles: what they hold beside staff.
        leads: the posts or officers they hold, if any.
    """

    username: str
    name: str
    line: str
    roles: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()


DEMO_ACCOUNTS = (
    DemoAccount(
        "staff", "Sam Okafor", "Anyone in the force: browses, filters, saves views, exports."
    ),
    DemoAccount(
        "delivery",
        "Ch Supt Helen Marsh",
        "Head of Crime, a delivery lead.",
        (roles.DELIVERY_LEAD,),
        ("Head of Crime",),
    ),
    DemoAccount(
        "standards",
        "Supt Priya Nair",
        "Head of Professional Standards, a delivery lead; also holds vetting.",
        (roles.DELIVERY_LEAD,),
        ("Head of Professional Standards", "Force Vetting Manager"),
    ),
    DemoAccount(
        "executive",
        "ACC Baker",
        "Assistant Chief Constable, executive lead of five question areas.",
        (roles.EXECUTIVE_LEAD, roles.BOARD_MEMBER),
        ("ACC Baker",),
    ),
    DemoAccount(
        "assurance", "Insp Dev Patel", "Review and Assurance: checks closures.", (roles.ASSURANCE,)
    ),
    DemoAccount(
        "governance",
        "Ruth Ellison",
        "Governance officer: records publications and actions.",
        (roles.GOVERNANCE,),
    ),
    DemoAccount(
        "chair",
        "DCC Fuller",
        "Deputy Chief Constable, chairs the GAIN Board.",
        (roles.CHAIR, roles.EXECUTIVE_LEAD),
        ("DCC Fuller",),
    ),
    DemoAccount(
        "deputy",
        "ACC Felton",
        "Decides in the chair’s place when nominated.",
        (roles.DEPUTY, roles.EXECUTIVE_LEAD, roles.BOARD_MEMBER),
        ("ACC Felton",),
    ),
    DemoAccount(
        "member",
        "Ch Supt Tom Reed",
        "Chief Superintendent, a member of the GAIN Board.",
        (roles.BOARD_MEMBER,),
    ),
    DemoAccount(
        "support",
        "Grace Hall",
        "Executive Support: compiles the Board’s agenda and takes notes.",
        (roles.EXECUTIVE_SUPPORT,),
    ),
    DemoAccount(
        "corporate",
        "Corporate Services",
        "Writes the Audit Committee report.",
        (roles.CORPORATE_SERVICES,),
        ("Head of Corporate Services",),
    ),
    DemoAccount(
        "admin",
        "Alex Administrator",
        "Imports spreadsheets; people and roles.",
        (roles.ADMINISTRATOR,),
    ),
)


@transaction.atomic
def load_cast() -> None:
    """Make the demo accounts, with their roles and posts; safe to run again.

    Raises:
        ImproperlyConfigured: this is not a demonstration.
    """
    if not settings.DEMO:
        raise ImproperlyConfigured("Demo accounts are made in demo mode only (DEMO is off).")
    for account in DEMO_ACCOUNTS:
        user, made = User.objects.get_or_create(
            username=account.username,
            defaults={"name": account.name, "email": f"{account.username}@example.police.uk"},
        )
        if made:
            user.set_password(DEMO_PASSWORD)
            user.save()
        user.take_roles(*account.roles)
        for name in account.leads:
            LeadHolder.objects.get_or_create(
                lead=lead_named(name, actor=None),
                user=user,
                defaults={"started_on": _POSTED_ON},
            )
