"""The base of every form: GOV.UK markup, messages in plain English, dates as people write them.

`{{ form }}` renders all fields, `{{ form.title.as_field_group }}` one of them; the error summary is
components/error_summary.html. A form tag says `novalidate`: what is wrong is told by the server, in
one place and one wording.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.validators import EMPTY_VALUES

from core.dates import long_date, parse_date
from core.numbers import keys_in, mid_sentence
from core.rendering import GovukBoundField, GovukRenderer

# Days outside these years are slips of a finger, and arithmetic with them leaves the calendar.
_YEARS = range(1900, 2201)
DATE_HINT = "For example, 20 November 2024 or 20/11/2024"
# Labels that already say whose or which; "Enter a your name" is not English.
_DETERMINED = ("a ", "an ", "the ", "your ", "my ", "this ", "their ", "its ", "any ", "all ")

# Labels that are the object of "say": "what has happened", "why the date changes".
_ASKING = ("what ", "who ", "why ", "how ", "where ")


class DateField(forms.DateField):
    """A date in one text field, read in any of the ways of `core.dates.parse_date`."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", DATE_HINT)
        kwargs.setdefault("widget", forms.TextInput(attrs={"autocomplete": "off"}))
        super().__init__(**kwargs)
        self.widget.attrs.setdefault("class", "app-date-input")

    def to_python(self, value: Any) -> dt.date | None:
        """The date.

        Raises:
            ValidationError: not a date, with the sentence of `core.dates.parse_date`; or in a year
                that nobody means.
        """
        if value in EMPTY_VALUES:
            return None
        day = self._day(value)
        if day.year not in _YEARS:
            raise ValidationError(
                f"{long_date(day)} cannot be meant. Enter a year from {_YEARS[0]} to {_YEARS[-1]}.",
                code="invalid",
            )
        return day

    def _day(self, value: Any) -> dt.date:
        if isinstance(value, dt.datetime):
            return value.date()
        if isinstance(value, dt.date):
            return value
        try:
            return parse_date(str(value))
        except ValueError as error:
            raise ValidationError(str(error), code="invalid") from error

    def prepare_value(self, value: Any) -> Any:
        """A date in words; what somebody typed stays as it was typed."""
        return long_date(value) if isinstance(value, dt.date) else value


class RecordsField(forms.ModelMultipleChoiceField):
    """Records to tick. What can be no key is left out before the database is asked for it."""

    widget = forms.CheckboxSelectMultiple

    def clean(self, value: Any) -> Any:
        return super().clean(keys_in(value) if isinstance(value, list | tuple) else value)


@dataclass(frozen=True)
class ErrorLink:
    """One line of the error summary.

    Args:
        text: what is wrong and what to do.
        href: where to put it right ("#id_title"); empty when no field of the page can.
    """

    text: str
    href: str = ""


def _with_article(label: str) -> str:
    """A label as the object of a sentence: "a title", "an email address", "notes"."""
    lowered = mid_sentence(label)
    plural = lowered.endswith("s") and not lowered.endswith(("ss", "us", "is"))
    if plural or lowered.startswith(_DETERMINED):
        return lowered
    an = lowered[:1] in "aeiouAEIO" and not lowered.startswith("user")
    return f"{'an' if an else 'a'} {lowered}"


def required_message(field: forms.Field, label: str) -> str:
    """What to say when a field was left empty ("Enter a title", "Select a level")."""
    if isinstance(field.widget, forms.CheckboxInput):
        return f"Tick “{label}” to go on"
    if label.endswith("?"):
        return f"Answer “{label}”"
    if label.lower().startswith(_ASKING):
        return f"Say {mid_sentence(label)}"
    if isinstance(field, forms.FileField):
        return f"Choose {_with_article(label)}"
    if isinstance(field.widget, forms.Select | forms.RadioSelect | forms.CheckboxSelectMultiple):
        return f"Select {_with_article(label)}"
    if isinstance(field, forms.DateField) and "date" not in label.lower():
        return f"Enter a date for “{label}”"
    return f"Enter {_with_article(label)}"


def _messages(field: forms.Field, label: str) -> dict[str, str]:
    choose = f"Select {_with_article(label)} from the list"
    whole = isinstance(field, forms.IntegerField) and not isinstance(
        field, forms.FloatField | forms.DecimalField
    )
    messages = {
        "required": required_message(field, label),
        "invalid_choice": choose,
        "invalid_list": choose,
        "invalid_pk_value": choose,
        "max_length": f"{label} must be %(limit_value)d characters or fewer; you have entered "
        "%(show_value)d",
        "min_length": f"{label} must be %(limit_value)d characters or more; you have entered "
        "%(show_value)d",
        "max_value": f"{label} must be %(limit_value)s or less",
        "min_value": f"{label} must be %(limit_value)s or more",
        "null_characters_not_allowed": f"{label} holds a character that cannot be stored: type it "
        "again instead of pasting it",
        "empty": "The file is empty: choose one that has something in it",
        "missing": "Choose a file",
        "unique": f"This {mid_sentence(label)} is already used: enter another",
    }
    if isinstance(field, forms.FileField):
        messages["invalid"] = "The file was not received: choose it again"
        messages["max_length"] = (
            "The name of the file must be %(max)d characters or fewer; it has %(length)d"
        )
    elif isinstance(field, forms.EmailField):
        messages["invalid"] = "Enter an email address like name@force.police.uk"
    elif isinstance(field, forms.URLField):
        messages["invalid"] = "Enter a web address that starts with https://"
    elif isinstance(field, forms.IntegerField):
        messages["invalid"] = f"{label} must be a {'whole ' if whole else ''}number"
    return messages


class GovukMixin(forms.BaseForm):
    """What makes any Django form one of ours; stands before the form class it is mixed into."""

    default_renderer = GovukRenderer
    bound_field_class = GovukBoundField
    # Browsers' own bubbles differ in wording and place, and assistive technology reads them badly.
    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in list(self.fields.items()):
            self.fields[name] = self._prepared(name, field)

    def _prepared(self, name: str, field: forms.Field) -> forms.Field:
        if type(field) is forms.DateField and not field.widget.is_hidden:
            # What a model or a filter makes of its date; ours reads and shows dates as people do.
            field = DateField(
                required=field.required,
                label=field.label,
                initial=field.initial,
                disabled=field.disabled,
                validators=field.validators,
                help_text=field.help_text or DATE_HINT,
                error_messages=field.error_messages,
            )
        if isinstance(field.widget, forms.Textarea) and field.widget.attrs.get("rows") == "10":
            field.widget.attrs["rows"] = "5"
        # A browser would cut a pasted text at maxlength without a word; we say how long it is.
        field.widget.attrs.pop("maxlength", None)
        field.widget.attrs.pop("minlength", None)
        label = str(field.label or forms.utils.pretty_name(name))
        stock = _stock_messages(type(field))
        for code, message in _messages(field, label).items():
            # A message that the form's author chose stays.
            if field.error_messages.get(code, stock.get(code)) == stock.get(code):
                field.error_messages[code] = message
        return field

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        # Browsers send line ends as two characters: a text nobody touched must stay what it was.
        for name, value in self.cleaned_data.items():
            if isinstance(value, str):
                self.cleaned_data[name] = value.replace("\r\n", "\n")

    def show_again(self, **values: Any) -> None:
        """Let fields of the form that is shown again say something else.

        Args:
            values: by field name; None empties a field, a tick is True or False.
        """
        shown: Any = self.data
        shown = shown.copy()
        for name, value in values.items():
            # Browsers send nothing for a box that is not ticked.
            shown.pop(self.add_prefix(name), None)
            if value is not False:
                prepared = self.fields[name].prepare_value(value)
                shown[self.add_prefix(name)] = "" if prepared is None else str(prepared)
        self.data = shown

    def error_links(self) -> list[ErrorLink]:
        """The error summary: every error in the order of the fields, each leading to its field.

        Errors of the form as a whole come first and lead to its first field. Errors of hidden
        fields lead nowhere.
        """
        visible = cast(list[GovukBoundField], self.visible_fields())
        links = [
            ErrorLink(str(message), f"#{visible[0].focus_id}" if visible else "")
            for message in self.errors.get(NON_FIELD_ERRORS, [])
        ]
        for field in self.hidden_fields():
            links += [ErrorLink(str(message)) for message in field.errors]
        for field in visible:
            links += [ErrorLink(str(message), f"#{field.focus_id}") for message in field.errors]
        return links


def _stock_messages(field_class: type[forms.Field]) -> dict[str, Any]:
    """Django's own messages of a class of field, as its constructor collects them."""
    messages: dict[str, Any] = {}
    for base in reversed(field_class.__mro__):
        messages.update(getattr(base, "default_error_messages", {}))
    return messages


class GovukForm(GovukMixin, forms.Form):
    """Base of our forms that stand for no one record."""


class GovukModelForm(GovukMixin, forms.ModelForm):
    """Base of our forms that edit a record; saving is done by the room's rules, not by `save()`."""
