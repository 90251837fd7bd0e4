"""The form of an improvement item, with the actions it helps to close."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from inspections.assessment_forms import ImprovementForm
from people.models import User
from tracker.improvement import actions_of
from tracker.models import Action

_BETWEEN = re.compile(r"[,;\s]+")
_MOST = 50


class PlanForm(ImprovementForm):
    """An item and its actions, which are named by their references.

    Args:
        user: who fills it in; only actions they may read can be linked.
    """

    actions = forms.CharField(
        label="Actions it helps to close",
        required=False,
        max_length=2_000,
        help_text="Their references, with commas between them. For example, ST-0040, ST-0045.",
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        self.user = user
        item = kwargs.get("item")
        if item is not None:
            named = ", ".join(str(action) for action in actions_of(item, user))
            kwargs["initial"] = {"actions": named}
        super().__init__(*args, **kwargs)

    def clean_actions(self) -> list[Action]:
        """The actions that are named.

        Raises:
            ValidationError: there is none of a reference that this person may read, or too many.
        """
        named = list(dict.fromkeys(filter(None, _BETWEEN.split(self.cleaned_data["actions"]))))
        if len(named) > _MOST:
            raise ValidationError(f"Name {_MOST} actions at most.")
        found = list(Action.objects.visible_to(self.user).by_references(named)) if named else []
        known = {action.reference.lower() for action in found}
        if missing := [each for each in named if each.lower() not in known]:
            raise ValidationError(
                f"There is no action {', '.join(missing)}. Check the reference, or take it out."
            )
        return found
