"""Forms of the committee reports: the front, and one section at a time."""

from typing import Any

from django import forms
from django.conf import settings

from core.collisions import VersionedModelForm
from core.forms import GovukModelForm
from reports.models import CommitteeReport, ReportSection

FRONT_FIELDS = (
    "committee",
    "title",
    "meeting_on",
    "presenting_officer",
    "status_line",
    "marking",
    "as_at",
    "previous_as_at",
)
# About forty pages: more is a paste that went wrong.
_LONGEST_TEXT = 100_000
_MARKDOWN = (
    "Leave an empty line between paragraphs; each is numbered by itself. Start a line with - for a "
    "list, with ### for a subheading, and put **two stars** around words in bold."
)


class NewReportForm(GovukModelForm):
    """What a report begins with."""

    class Meta:
        model = CommitteeReport
        fields = FRONT_FIELDS
        widgets = {"title": forms.Textarea(attrs={"rows": 3})}
        help_texts = {
            "committee": "For example, Audit Committee.",
            "presenting_officer": "Name and post, as on the front of the paper.",
            "marking": "Stands at the top and the bottom of every page.",
            "as_at": "Everything is counted as at this day, for example 20 November 2024.",
            "previous_as_at": (
                "The last report’s position date; movement is counted from it. For a first report, "
                "the day to begin with, such as a year before."
            ),
        }


class FrontForm(VersionedModelForm):
    """The front matter of a draft."""

    Meta = NewReportForm.Meta


class SectionForm(VersionedModelForm):
    """One section: its text, before and after what the portal puts in."""

    body = forms.CharField(
        label="Text",
        required=False,
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 16}),
        help_text=_MARKDOWN,
    )
    after = forms.CharField(
        label="Text after it",
        required=False,
        max_length=_LONGEST_TEXT,
        widget=forms.Textarea(attrs={"rows": 8}),
    )

    class Meta:
        model = ReportSection
        fields = ("title", "body", "after", "included")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        generated = self.instance.shape.generated
        if generated:
            self.fields["body"].label = f"Text before what {settings.PRODUCT_NAME} puts in"
            self.fields["after"].help_text = f"{settings.PRODUCT_NAME} puts in {generated}."
        else:
            del self.fields["after"]
