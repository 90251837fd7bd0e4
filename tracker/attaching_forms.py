"""Tying evidence that is here already to actions."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from core.forms import GovukForm
from people.models import User
from tracker.models import Action


class SearchEvidenceForm(GovukForm):
    """Looking for evidence that is here."""

    q = forms.CharField(
        label="Words to look for",
        required=False,
        max_length=200,
        help_text="In its title, in what it shows or in its file.",
    )


class ChooseActionForm(GovukForm):
    """The action that a piece of evidence is attached to.

    Args:
        reader: who attaches it.
    """

    action = forms.CharField(
        label="Reference of the action", max_length=40, help_text="For example, ST-0045"
    )

    def __init__(self, *args: Any, reader: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.reader = reader

    def clean_action(self) -> Action:
        """The action.

        Raises:
            ValidationError: there is none of this reference that the reader may read.
        """
        reference = self.cleaned_data["action"].strip()
        found = Action.objects.visible_to(self.reader).by_references([reference]).first()
        if found is None:
            raise ValidationError(f"There is no action {reference} that you may read.")
        return found
