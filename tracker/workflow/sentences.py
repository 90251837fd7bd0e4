"""Refusals that several steps give, in one wording."""

ENTERED_IN_ERROR = "This action was entered in error: nothing is done with it any more."
NO_LEAD_ROLE = (
    "You lead this action, but you do not have the role of a delivery or executive lead. "
    "Ask your administrator for it."
)
