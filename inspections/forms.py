"""The forms of a publication: its details, and the response to it."""

from typing import Any

from django import forms
from django.db.models import Q

from core.collisions import VersionedForm, VersionedModelForm
from core.dates import long_date
from core.forms import DateField, GovukModelForm
from inspections.choices import DatePrecision, PublicationType, ResponseRule
from inspections.clocks import response_due
from inspections.models import CoreQuestion, Framework, Publication
from people.models import Lead

_FIELDS = (
    "title",
    "type",
    "scope",
    "published_on",
    "date_precision",
    "source_url",
    "question",
    "executive_lead",
    "body",
    "described_as",
    "local_note",
    "note",
)


def question_choices(now: CoreQuestion | None = None) -> list[tuple[str, str]]:
    """The question areas of the framework in force, for a select; and the one that is chosen now,
    should it be of an earlier version.
    """
    framework = Framework.objects.in_force()
    found = list(framework.questions.all()) if framework else []
    if now is not None and now not in found:
        found.insert(0, now)
    return [(str(each.pk), f"{each}: {each.text}") for each in found]


class QuestionField(forms.ModelChoiceField):
    """A question area: of the framework in force, or the one that is chosen now.

    Args:
        empty: words of the choice that is none.
    """

    def __init__(self, empty: str, **kwargs: Any) -> None:
        self.empty = empty
        super().__init__(
            CoreQuestion.objects.none(), required=False, label="Question area", **kwargs
        )

    def offer(self, choices: list[tuple[str, str]]) -> None:
        """Let these be chosen and no others.

        Args:
            choices: of `question_choices`; read once, for as many fields as there are.
        """
        self.queryset = CoreQuestion.objects.filter(pk__in=[key for key, _ in choices])
        self.choices = [("", self.empty), *choices]


class PublicationForm(GovukModelForm):
    """The details of a publication, as its own pages and the committee paper show them."""

    source_url = forms.URLField(
        label="Link to the report", required=False, max_length=200, assume_scheme="https"
    )

    question = QuestionField(
        "Several, or none", help_text="Leave it open where its actions belong to several."
    )

    class Meta:
        model = Publication
        fields = _FIELDS
        widgets = {
            "title": forms.Textarea(attrs={"rows": 2}),
            "scope": forms.RadioSelect,
            "date_precision": forms.RadioSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
        }
        labels = {
            "published_on": "Date published",
            "date_precision": "How much of the date is known",
            "body": "Published by",
            "described_as": "How the committee paper calls it",
            "local_note": "Note for the committee paper",
            "note": "Note for colleagues",
        }
        help_texts = {
            "scope": "Local: about this force only. National: about all forces.",
            "executive_lead": "Leave it open where each action has its own.",
            "body": "Leave it empty for HMICFRS alone. For example, “College of Policing”.",
            "described_as": "When not by its type, for example “Custody inspection”.",
            "local_note": "For example, “as part of the force’s Operation Soteria project”.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind: Any = self.fields["type"]
        kind.choices = [("", "Choose a type"), *PublicationType.choices]
        scope: Any = self.fields["scope"]
        scope.choices = [choice for choice in scope.choices if choice[0]]
        precision: Any = self.fields["date_precision"]
        precision.choices = [
            (DatePrecision.DAY, "The day"),
            (DatePrecision.MONTH, "Only the month"),
        ]
        question: Any = self.fields["question"]
        question.offer(question_choices(self.instance.question))
        lead: Any = self.fields["executive_lead"]
        offered = Q(chief_officer=True) | Q(pk=self.instance.executive_lead_id)
        lead.queryset = Lead.objects.filter(offered).order_by("name")
        lead.empty_label = "By action"


class ChangePublicationForm(VersionedModelForm, PublicationForm):
    """The details of a publication that is recorded."""

    class Meta(PublicationForm.Meta):
        pass


class ResponseForm(VersionedForm):
    """The duty to answer a publication, and the answer.

    Args:
        publication: that is to be answered.
    """

    response_rule = forms.ChoiceField(label="Response duty", widget=forms.RadioSelect)
    response_due_on = DateField(label="Due on another day", required=False)
    response_due_reason = forms.CharField(
        label="Why it is due on that day", required=False, max_length=200
    )
    response_published_on = DateField(label="Response published on", required=False)
    response_url = forms.URLField(
        label="Link to the response", required=False, max_length=200, assume_scheme="https"
    )

    def __init__(self, *args: Any, publication: Publication, **kwargs: Any) -> None:
        due = publication.response_due_on
        by_rule = response_due(publication.response_rule, publication.published_on)
        kwargs["initial"] = {
            "version": publication.version,
            "response_rule": publication.response_rule,
            "response_due_on": due if due != by_rule else None,
            "response_due_reason": publication.response_due_reason,
            "response_published_on": publication.response_published_on,
            "response_url": publication.response_url,
        }
        super().__init__(*args, **kwargs)
        rule: Any = self.fields["response_rule"]
        rule.choices = [(each, _rule_words(each, publication)) for each in ResponseRule]
        self.fields["response_due_on"].help_text = (
            "Leave it empty where the day above is right; another duty needs one. For example, "
            "20 November 2024."
        )
        self.fields[
            "response_due_reason"
        ].help_text = "Where no rule gives the day: what moved it, or what the duty comes from."

    @property
    def response(self) -> dict[str, Any]:
        """What was entered, as `recording.record_response` takes it."""
        entered = self.cleaned_data
        return {
            "version": entered["version"],
            "rule": entered["response_rule"],
            "due_on": entered["response_due_on"],
            "due_reason": entered["response_due_reason"],
            "published_on": entered["response_published_on"],
            "url": entered["response_url"],
        }


def _rule_words(rule: ResponseRule, publication: Publication) -> str:
    """ "Section 55, Police Act 1996: due 4 March 2025"."""
    due = response_due(rule, publication.published_on)
    if due is None:
        return str(rule.label)
    return f"{rule.label.partition(':')[0]}: due {long_date(due)}"
