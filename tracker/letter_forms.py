"""The forms of letters of self-certification: draft, introduction, signed scan, upload."""

from typing import Any

from django import forms
from django.template.defaultfilters import truncatechars
from django.utils.functional import lazy

from core.collisions import VersionedForm
from core.dates import today
from core.forms import DateField, GovukForm, RecordsField
from core.uploads import limit_words
from people.models import User
from tracker.closure_queries import ClosureQuerySet
from tracker.models import Closure
from tracker.routes import ROUTES, level_of
from tracker.when_forms import WhenForm, text_field
from tracker.workflow import wanted


class ClosuresField(RecordsField):
    """Closures to tick, each by its action."""

    def label_from_instance(self, obj: Any) -> str:
        level = level_of(ROUTES[obj.route])
        return f"{obj.action}, activity level {level}: {truncatechars(obj.action.text, 120)}"


def _introduction() -> forms.CharField:
    return text_field(
        "Introduction",
        wanted.INTRODUCTION,
        rows=12,
        help_text="Stands before the actions, which the letter lists by itself. Leave an empty "
        "line between paragraphs.",
    )


class DraftForm(GovukForm):
    """Which closures a new letter covers, and what stands before them.

    Args:
        choices: the closures that wait for a letter and that the reader may read.
    """

    closures = ClosuresField(
        queryset=Closure.objects.none(),
        label="Actions the letter covers",
        error_messages={
            "required": "Choose at least one approved closure for the letter.",
            "invalid_choice": "An action you chose no longer waits for a letter: look at the list "
            "as it is now.",
        },
    )
    introduction = _introduction()

    def __init__(self, *args: Any, choices: ClosureQuerySet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["closures"]
        field.queryset = choices


class IntroductionForm(VersionedForm):
    """The introduction of a draft, and the version its writer saw."""

    introduction = _introduction()


def _scan_hint() -> str:
    return f"PDF, JPEG or PNG, up to {limit_words()}."


def _scan(label: str) -> forms.FileField:
    return forms.FileField(
        label=label,
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png"}),
        help_text=lazy(_scan_hint, str)(),
        error_messages={"required": "Choose the file of the signed letter"},
    )


def _signed_on() -> DateField:
    return DateField(label="Date signed", help_text="The day the Chief Constable signed.")


class FilingForm(WhenForm):
    """The signed scan of a letter, and from when it counts."""

    scan = _scan("Signed letter")
    signed_on = _signed_on()
    on = DateField(
        label="Date filed",
        initial=today,
        help_text="Actions at activity level 2 close on this day. Today, unless the letter was "
        "filed earlier and is only recorded now.",
    )


class ReplacementForm(GovukForm):
    """A new version of a signed scan."""

    scan = _scan("New version of the signed letter")
    signed_on = _signed_on()
    reason = text_field(
        "Why it is replaced",
        wanted.WHY_REPLACED,
        rows=3,
        help_text="For example, “Page 2 was missing from the scan”.",
    )


class UploadForm(WhenForm):
    """That a letter was uploaded to HMICFRS's portal: for which actions, when and by whom.

    Args:
        choices: the closures of the letter that wait for it; asked only where there are several.
        people: who may have uploaded it.
    """

    closures = ClosuresField(
        queryset=Closure.objects.none(),
        label="Actions whose letter was uploaded",
        error_messages={
            "required": "Choose at least one action whose letter was uploaded.",
            "invalid_choice": "An action you chose no longer waits for its upload: look at the "
            "list as it is now.",
        },
    )
    on = DateField(label="Date uploaded", initial=today)
    by = forms.ModelChoiceField(queryset=User.objects.none(), label="Uploaded by", empty_label=None)

    def __init__(self, *args: Any, choices: ClosureQuerySet, people: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["by"].queryset = people
        if choices.count() > 1:
            fields["closures"].queryset = choices
        else:
            del fields["closures"]
