"""Adding evidence, a newer version of its file, changing and withdrawing it."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.functional import lazy

from core.collisions import VersionedForm
from core.dates import today
from core.forms import DATE_HINT, DateField, GovukForm
from core.kinds import ACCEPT
from core.markings import Marking
from core.refused import told_on
from core.uploads import limit_words
from evidence.choices import Source
from evidence.freshness import check_day
from evidence.linking import characteristics_named
from evidence.models import CorporateMeeting, Evidence
from inspections.models import Characteristic, Framework
from people.models import User

_KINDS = "PDF, Word, Excel, PowerPoint, CSV, text, picture or e-mail"
_NO_PERSONAL_DATA = (
    "Nothing from operational systems about people: no names of victims, witnesses or suspects, no "
    "crime or custody records. Take them out, or give a link to the system that keeps them."
)
_TAKEN_OUT = "I have taken out personal data from operational systems"
_LONGEST_TEXT = 5_000
_LONGEST_CODES = 400
_LINK = {"invalid": "Enter a web address that starts with https://"}


def _upload_hint() -> str:
    return f"{_KINDS}, up to {limit_words()}. {_NO_PERSONAL_DATA}"


def _uploads_hint() -> str:
    together = settings.REQUEST_MAX_BYTES / 1024 / 1024
    return (
        f"{_KINDS}, up to {limit_words()} each and {together:.0f} MB together. Each file becomes "
        f"evidence of its own. {_NO_PERSONAL_DATA}"
    )


def _upload_field(label: str, *, required: bool) -> forms.FileField:
    return forms.FileField(
        label=label,
        required=required,
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        help_text=lazy(_upload_hint, str)(),
        error_messages={"required": "Choose a file"},
    )


def _title_field(**options: Any) -> forms.CharField:
    return forms.CharField(max_length=200, **options)


def _shows_field() -> forms.CharField:
    return forms.CharField(
        label="What it shows",
        required=False,
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea,
        help_text="One or two sentences on what it proves.",
    )


def _marking_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=Marking.choices,
        initial=settings.DEFAULT_MARKING,
        widget=forms.RadioSelect,
        help_text="OFFICIAL-SENSITIVE evidence is read only by its owner, the leads of the action "
        "it belongs to, and those who check and decide closures. Who reads it is written down.",
    )


def _link_field(label: str, help_text: str) -> forms.URLField:
    return forms.URLField(
        label=label,
        required=False,
        max_length=500,
        assume_scheme="https",
        help_text=help_text,
        error_messages=_LINK,
    )


def _source_field() -> forms.ChoiceField:
    return forms.ChoiceField(
        label="Source",
        choices=Source.choices,
        initial=Source.DOCUMENT,
        help_text="Where it comes from.",
    )


def _meeting_field() -> forms.ModelChoiceField:
    return forms.ModelChoiceField(
        CorporateMeeting.objects.all(),
        label="Meeting",
        required=False,
        empty_label="None of these",
        help_text="Where it comes from a meeting.",
    )


def _settle(form: forms.BaseForm, cleaned: dict[str, Any]) -> None:
    """What comes from one of the meetings comes from a meeting; its day has come, and review does
    not precede it.
    """
    if cleaned.get("meeting"):
        cleaned["source"] = Source.MEETING
    if cleaned.get("dated_on"):
        with told_on(form):
            check_day(cleaned["dated_on"])
    dated_on, review_by = cleaned.get("dated_on"), cleaned.get("review_by")
    if dated_on and review_by and review_by < dated_on:
        form.add_error("review_by", "It cannot be due for review before its own date")


class Handled(GovukForm):
    """A form that takes a file, and the word of its sender that nothing is in it which must not.

    What the form holds is what the room's writes take: that word is asked for, not kept.
    """

    taken_out = forms.BooleanField(label=_TAKEN_OUT, required=False)

    def has_files(self, cleaned: dict[str, Any]) -> bool:
        return bool(cleaned.get("upload"))

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        promised = cleaned.pop("taken_out", False)
        if self.has_files(cleaned) and not promised:
            self.add_error(
                "taken_out",
                "Take out personal data from operational systems, then tick the box to say so",
            )
        return cleaned


class EvidenceForm(Handled):
    """A piece of evidence. `evidence.recording.add_evidence` takes what it holds as it stands, and
    says what is wrong with file and link.
    """

    title = _title_field(help_text="What it is, for example “Wardrobe safety audit, October 2024”.")
    shows = _shows_field()
    dated_on = DateField(label="Date of the evidence", initial=today)
    marking = _marking_field()
    upload = _upload_field("File", required=False)
    link = _link_field(
        "Or a link to the system that keeps it", "Instead of a file. It starts with https://"
    )
    field_order = ("title", "shows", "dated_on", "marking", "upload", "taken_out", "link")


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files; each of them is looked at by `core.uploads.vet`, and by nothing before."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> list[Any]:
        return [file for file in (data or []) if file]


class AddForm(Handled):
    """One or several pieces of evidence at once, that share everything but file and title.

    `evidence.adding` takes what it holds as it stands.
    """

    uploads = FilesField(
        label="Files",
        required=False,
        widget=FilesInput(attrs={"accept": ACCEPT}),
        help_text=lazy(_uploads_hint, str)(),
    )
    link = _link_field(
        "Or a link to the system that keeps it", "Instead of files. It starts with https://"
    )
    title = _title_field(
        required=False,
        help_text="What it is, for example “Wardrobe safety audit, October 2024”. Left empty, it "
        "is the name of the file.",
    )
    shows = _shows_field()
    dated_on = DateField(label="Date of the evidence", initial=today)
    source = _source_field()
    meeting = _meeting_field()
    characteristics = forms.CharField(
        label="Characteristics of good it supports",
        required=False,
        max_length=_LONGEST_CODES,
        help_text="By their numbers in the framework, for example 1.2.3, 4.1.1.",
    )
    marking = _marking_field()
    review_by = DateField(
        label="To be reviewed by",
        required=False,
        help_text=f"Left empty, a year after its date. {DATE_HINT}.",
    )
    # What the page was opened for, such as an action: see `evidence.panels.Tie`.
    action = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    field_order = ("uploads", "taken_out", "link", "title", "shows", "dated_on")

    def __init__(self, *args: Any, files_follow: bool = False, **kwargs: Any) -> None:
        """Args beside a form's own: files_follow (the files are sent after this)."""
        super().__init__(*args, **kwargs)
        self.files_follow = files_follow
        self.fields["uploads"].one_of_several = True  # type: ignore[attr-defined]
        self.fields["link"].one_of_several = True  # type: ignore[attr-defined]

    def clean_characteristics(self) -> list[Characteristic]:
        named: str = self.cleaned_data["characteristics"]
        framework = Framework.objects.in_force()
        if not named.strip() or framework is None:
            return []
        return characteristics_named(named, framework)

    def has_files(self, cleaned: dict[str, Any]) -> bool:
        return self.files_follow or bool(cleaned.get("uploads"))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        uploads, link = cleaned.get("uploads"), cleaned.get("link")
        if not uploads and not link and not self.files_follow and "link" not in self.errors:
            self.add_error("uploads", "Choose a file or enter a link")
        if uploads and link:
            self.add_error("uploads", "Choose files or enter a link, not both")
        if link and not cleaned.get("title") and "title" not in self.errors:
            self.add_error("title", "Enter a title")
        _settle(self, cleaned)
        return cleaned


class VersionForm(Handled):
    """A newer version of the file of a piece of evidence."""

    upload = _upload_field("New version of the file", required=True)
    dated_on = DateField(
        label="Date of the evidence",
        required=False,
        initial=today,
        help_text=f"What the new version is of. Left empty, the date stays as it is. {DATE_HINT}.",
    )
    review_by = DateField(
        label="To be reviewed by",
        required=False,
        help_text=f"Left empty, a year after the date above. {DATE_HINT}.",
    )
    field_order = ("upload", "taken_out")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        _settle(self, cleaned)
        return cleaned


class EditForm(VersionedForm):
    """The details of a piece of evidence that is there."""

    title = _title_field()
    shows = _shows_field()
    link = _link_field("Link to the system that keeps it", "It starts with https://")
    dated_on = DateField(label="Date of the evidence")
    owner = forms.ModelChoiceField(
        User.objects.none(), label="Owner", help_text="Who answers for it.", empty_label=None
    )
    source = _source_field()
    meeting = _meeting_field()
    marking = _marking_field()
    review_by = DateField(label="To be reviewed by")
    retention_review_on = DateField(
        label="Retention review",
        help_text=f"When somebody decides whether it is kept any longer. {DATE_HINT}.",
    )

    def __init__(self, *args: Any, evidence: Evidence, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.filter(is_active=True) | User.objects.filter(pk=evidence.owner_id)
        self.fields["owner"].queryset = people.order_by("name")  # type: ignore[attr-defined]
        if evidence.link:
            self.fields["link"].required = True
            self.fields["link"].error_messages["required"] = "Enter a link"
        else:
            del self.fields["link"]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        _settle(self, cleaned)
        return cleaned


class DetailsForm(VersionedForm):
    """Title and meaning of one of several pieces that were just added."""

    title = _title_field()
    shows = _shows_field()


class WithdrawForm(GovukForm):
    """Why a piece of evidence is withdrawn."""

    reason = forms.CharField(
        label="Why it is withdrawn",
        max_length=1_000,
        widget=forms.Textarea,
        help_text="Whoever opens it reads this.",
    )


class ConfirmForm(GovukForm):
    """Nothing to fill in: the button says it all."""
