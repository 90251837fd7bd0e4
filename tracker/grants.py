"""Which role may do what in StART (domain glossary, "Who may do what")."""

from people import roles

_SENSITIVE = (roles.ASSURANCE, roles.GOVERNANCE, roles.CHAIR, roles.DEPUTY)
_LEADS = (roles.DELIVERY_LEAD, roles.EXECUTIVE_LEAD)
GRANTS: dict[str, tuple[str, ...]] = {
    "view_action": (roles.STAFF,),
    "view_sensitive_action": _SENSITIVE,
    "govern_actions": (roles.GOVERNANCE,),
    "confirm_error": (roles.GOVERNANCE, roles.ASSURANCE),
    # Of actions they lead; the rules ask that too.
    "lead_actions": _LEADS,
    "agree_dates": (roles.EXECUTIVE_LEAD,),
    "propose_closure": _LEADS,
    "assure_closure": (roles.ASSURANCE,),
    "decide_closure": (roles.CHAIR,),
    "deputise_closure": (roles.DEPUTY,),
}


def announce_grants() -> None:
    for permission, holders in GRANTS.items():
        roles.grant(f"tracker.{permission}", *holders)
