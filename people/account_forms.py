"""Forms with which an administrator keeps accounts, leads and their holders."""

from typing import Any, cast

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.contrib.auth.validators import UnicodeUsernameValidator
from django.core.exceptions import ValidationError
from django.db.models import QuerySet

from core.dates import today
from core.forms import DATE_HINT, DateField, GovukForm
from people.digests import topics
from people.models import Lead, MailFrequency, User
from people.roles import ROLES, STAFF


def _role_choices() -> list[tuple[str, str]]:
    return [
        (name, f"{name.capitalize()}: {does[0].lower()}{does[1:]}")
        for name, does in ROLES.items()
        if name != STAFF
    ]


def _refuse_taken_email(email: str, but_for: User | None = None) -> str:
    others = User.objects.filter(email__iexact=email)
    if but_for is not None:
        others = others.exclude(pk=but_for.pk)
    if others.exists():
        raise ValidationError("Someone already has this email address.")
    return email


class AccountForm(GovukForm):
    name = forms.CharField(max_length=150, help_text="As colleagues should see it.")
    email = forms.EmailField(label="Email address", max_length=254)
    roles = forms.MultipleChoiceField(
        choices=_role_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Everyone who signs in may read actions. Roles add to that.",
    )
    active = forms.BooleanField(label="May sign in", required=False, initial=True)

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_email(self) -> str:
        return _refuse_taken_email(self.cleaned_data["email"], but_for=self.person)


class NewAccountForm(GovukForm):
    name = forms.CharField(max_length=150, help_text="As colleagues should see it.")
    username = forms.CharField(
        max_length=150,
        validators=[UnicodeUsernameValidator()],
        help_text="What they type to sign in, for example a collar number.",
    )
    email = forms.EmailField(label="Email address", max_length=254)
    roles = forms.MultipleChoiceField(
        choices=_role_choices,
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text="Everyone who signs in may read actions. Roles add to that.",
    )
    password = forms.CharField(
        label="First password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters. They can change it once signed in.",
    )

    def clean_username(self) -> str:
        username: str = self.cleaned_data["username"]
        if User.objects.filter(username__iexact=username).exists():
            raise ValidationError("Someone already has this username.")
        return username

    def clean_email(self) -> str:
        return _refuse_taken_email(self.cleaned_data["email"])

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(
            password,
            User(
                username=self.cleaned_data.get("username", ""),
                name=self.cleaned_data.get("name", ""),
                email=self.cleaned_data.get("email", ""),
            ),
        )
        return password


class NewPasswordForm(GovukForm):
    password = forms.CharField(
        label="New password",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="At least 12 characters.",
    )

    def __init__(self, *args: Any, person: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        validate_password(password, self.person)
        return password


class LeadForm(GovukForm):
    name = forms.CharField(
        max_length=120, help_text="A post (“Head of Crime”) or a named officer (“ACC Baker”)."
    )
    chief_officer = forms.BooleanField(
        label="At Chief Officer level",
        required=False,
        help_text="Executive leads are at Chief Officer level.",
    )


class HolderForm(GovukForm):
    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name"), label="Person", empty_label="Choose"
    )
    since = DateField(label="Holds it from")


class DelegateForm(GovukForm):
    """Whom a holder names to post for a lead.

    Args:
        held: the leads the holder holds today.
        holder: who names; they are not offered themselves.
    """

    lead = forms.ModelChoiceField(Lead.objects.none(), label="For which lead", empty_label="Choose")
    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True).order_by("name"), label="Person", empty_label="Choose"
    )
    since = DateField(label="First day", initial=today)
    last_day = DateField(
        label="Last day",
        required=False,
        help_text=f"Empty: until you end it. {DATE_HINT}.",
    )

    def __init__(self, *args: Any, held: QuerySet[Lead], holder: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lead, user = (cast(forms.ModelChoiceField, self.fields[name]) for name in ("lead", "user"))
        lead.queryset = held
        user.queryset = User.objects.filter(is_active=True).exclude(pk=holder.pk).order_by("name")
        if len(held) == 1:
            lead.initial = held[0]


def _topic_choices() -> list[tuple[str, str]]:
    return [(topic.key, topic.title) for topic in topics()]


class MailSettingForm(GovukForm):
    """How often one wants a mail, and what it tells."""

    frequency = forms.ChoiceField(
        label="How often",
        choices=MailFrequency.choices,
        widget=forms.RadioSelect,
        help_text="One mail a day at most, and none where there is nothing to tell.",
        error_messages={"invalid_choice": "Choose one of these"},
    )
    wanted = forms.MultipleChoiceField(
        label="What it tells you",
        choices=_topic_choices,
        widget=forms.CheckboxSelectMultiple,
        error_messages={
            "required": "Select at least one thing, or choose “Never” to get no mail at all",
            "invalid_choice": "Choose among these",
        },
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Whoever wants no mail need not say what it should tell.
        self.fields["wanted"].required = self.data.get("frequency") != MailFrequency.NEVER
