"""Adding evidence, a newer version of its file, and looking for it."""

from django import forms
from django.conf import settings
from django.utils.functional import lazy

from core.dates import today
from core.forms import DateField, GovukForm
from core.markings import Marking
from core.uploads import ACCEPT, limit_words

_KINDS = "PDF, Word, Excel, PowerPoint, CSV, text, picture or e-mail"
_NO_PERSONAL_DATA = (
    "Nothing from operational systems about people: no names of victims, witnesses or suspects, no "
    "crime or custody records. Take them out, or give a link to the system that keeps them."
)
_LONGEST_TEXT = 5_000


def _upload_hint() -> str:
    return f"{_KINDS}, up to {limit_words()}. {_NO_PERSONAL_DATA}"


def _upload_field(label: str, *, required: bool) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=required,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        help_text=lazy(_upload_hint, str)(),
        error_messages={"required": "Choose a file"},
    )


class EvidenceForm(GovukForm):
    """A piece of evidence. `evidence.recording.add_evidence` takes what it holds as it stands, and
    says what is wrong with file and link.
    """

    title = forms.CharField(
        max_length=200, help_text="What it is, for example “Wardrobe safety audit, October 2024”."
    )
    shows = forms.CharField(
        label="What it shows",
        required=False,
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="One or two sentences on what it proves.",
    )
    dated_on = DateField(label="Date of the evidence", initial=today)
    marking = forms.ChoiceField(
        choices=Marking.choices,
        initial=settings.DEFAULT_MARKING,
        widget=forms.RadioSelect,
        help_text="OFFICIAL-SENSITIVE evidence is read only by its owner, the leads of the action "
        "it belongs to, and those who check and decide closures.",
    )
    upload = _upload_field("File", required=False)
    link = forms.URLField(
        label="Or a link to the system that keeps it",
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text="Instead of a file. It starts with https://",
        error_messages={"invalid": "Enter a web address that starts with https://"},
    )


class VersionForm(GovukForm):
    """A newer version of the file of a piece of evidence."""

    upload = _upload_field("New version of the file", required=True)


class SearchForm(GovukForm):
    q = forms.CharField(label="Words in the title", max_length=200)
