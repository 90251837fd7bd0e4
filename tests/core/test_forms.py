"""The base forms: GOV.UK markup, messages in plain English, dates, the error summary, filters."""

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template.loader import render_to_string

from core.forms import DateField, GovukForm, GovukModelForm, required_message
from people.models import Lead, LeadHolder

LEVELS = [("", "Choose"), ("2", "Level 2"), ("3", "Level 3")]


class PaperForm(GovukForm):
    title = forms.CharField(max_length=10, min_length=2, help_text="As on the cover.")
    counted_at = DateField(label="Position date")
    note = forms.CharField(widget=forms.Textarea, max_length=20, required=False)
    level = forms.ChoiceField(choices=LEVELS)
    kind = forms.ChoiceField(choices=[("afi", "AFI")], widget=forms.RadioSelect)
    areas = forms.MultipleChoiceField(
        choices=[("1", "One"), ("2", "Two")], widget=forms.CheckboxSelectMultiple, required=False
    )
    checked = forms.BooleanField(label="I have checked it", help_text="All of it.")
    sheet = forms.FileField(label="Spreadsheet", max_length=12)
    secret = forms.CharField(widget=forms.PasswordInput, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)


class NumberForm(GovukForm):
    count = forms.IntegerField(max_value=5, min_value=1)
    share = forms.DecimalField()
    email = forms.EmailField(label="Email address")
    report = forms.URLField(assume_scheme="https")


def messages(form: forms.BaseForm) -> dict[str, str]:
    return {name: " ".join(map(str, errors)) for name, errors in form.errors.items()}


# Messages


def test_an_empty_field_says_what_to_enter_select_tick_or_choose() -> None:
    assert messages(PaperForm({})) == {
        "title": "Enter a title",
        "counted_at": "Enter a position date",
        "level": "Select a level",
        "kind": "Select a kind",
        "checked": "Tick “I have checked it” to go on",
        "sheet": "Choose a spreadsheet",
        "version": "Enter a version",
    }


@pytest.mark.parametrize(
    ("field", "label", "message"),
    [
        (forms.CharField(), "Email address", "Enter an email address"),
        (forms.CharField(), "PAF area", "Enter a PAF area"),
        (forms.CharField(), "AFI", "Enter an AFI"),
        (forms.CharField(), "Notes", "Enter notes"),
        (forms.CharField(), "Address", "Enter an address"),
        (forms.CharField(), "Your name", "Enter your name"),
        (forms.CharField(), "What was done?", "Answer “What was done?”"),
        (DateField(), "As at", "Enter a date for “As at”"),
        (
            forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple),
            "Roles",
            "Select roles",
        ),
    ],
)
def test_the_message_reads_as_a_sentence_of_its_label(
    field: forms.Field, label: str, message: str
) -> None:
    assert required_message(field, label) == message


def test_a_message_the_author_chose_stays() -> None:
    class Form(GovukForm):
        title = forms.CharField(error_messages={"required": "Say what it is called"})

    assert messages(Form({})) == {"title": "Say what it is called"}


def test_texts_of_the_wrong_length_say_both_lengths() -> None:
    form = PaperForm({"title": "12345678901", "note": "x" * 21})
    assert form.errors["title"] == ["Title must be 10 characters or fewer; you have entered 11"]
    assert form.errors["note"] == ["Note must be 20 characters or fewer; you have entered 21"]
    assert PaperForm({"title": "1"}).errors["title"] == [
        "Title must be 2 characters or more; you have entered 1"
    ]


def test_a_choice_that_does_not_exist_is_refused_in_plain_words() -> None:
    assert PaperForm({"level": "9"}).errors["level"] == ["Select a level from the list"]


def test_numbers_and_addresses_say_what_they_should_look_like() -> None:
    assert messages(NumberForm({"count": "two", "share": "x", "email": "x", "report": "x y"})) == {
        "count": "Count must be a whole number",
        "share": "Share must be a number",
        "email": "Enter an email address like name@force.police.uk",
        "report": "Enter a web address that starts with https://",
    }
    assert NumberForm({"count": "9"}).errors["count"] == ["Count must be 5 or less"]
    assert NumberForm({"count": "0"}).errors["count"] == ["Count must be 1 or more"]


def test_a_character_that_cannot_be_stored_is_named_as_such() -> None:
    assert "cannot be stored" in PaperForm({"title": "a\x00b"}).errors["title"][0]


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (
            SimpleUploadedFile("a.xlsx", b""),
            "The file is empty: choose one that has something in it",
        ),
        (
            SimpleUploadedFile("a-long-name.xlsx", b"x"),
            "The name of the file must be 12 characters or fewer; it has 16",
        ),
    ],
)
def test_a_file_that_cannot_be_taken_says_why(upload: SimpleUploadedFile, message: str) -> None:
    assert PaperForm({}, {"sheet": upload}).errors["sheet"] == [message]


def test_a_value_that_is_taken_already_is_said_so(db: None) -> None:
    class LeadForm(GovukModelForm):
        class Meta:
            model = Lead
            fields = ("slug",)

    Lead.objects.create(name="Head of Crime", slug="head-of-crime")
    assert messages(LeadForm({"slug": "head-of-crime"})) == {
        "slug": "This slug is already used: enter another"
    }


# Dates


@pytest.mark.parametrize(
    "typed", ["20.11.24", "20/11/2024", "20 November 2024", "20 Nov 2024", "2024-11-20"]
)
def test_dates_are_read_as_people_write_them(typed: str) -> None:
    assert DateField().clean(typed) == dt.date(2024, 11, 20)


def test_dates_are_taken_as_they_are() -> None:
    assert DateField().clean(dt.date(2024, 11, 20)) == dt.date(2024, 11, 20)
    assert DateField().clean(dt.datetime(2024, 11, 20, 9, 0)) == dt.date(2024, 11, 20)
    assert DateField(required=False).clean("") is None


@pytest.mark.parametrize("typed", ["31/12/9999", "1.1.1899", "1 January 2201", dt.date(1, 1, 1)])
def test_a_year_that_nobody_means_is_refused(typed: Any) -> None:
    with pytest.raises(ValidationError, match="Enter a year from 1900 to 2200"):
        DateField().clean(typed)
    assert DateField().clean("31/12/2200") == dt.date(2200, 12, 31)
    assert DateField().clean("1/1/1900") == dt.date(1900, 1, 1)


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("31/02/2024", "“31/02/2024” is not a real date. Check the day and the month."),
        ("soon", "Enter a date like 20 November 2024, 20/11/2024 or 20.11.24."),
    ],
)
def test_a_date_that_is_none_says_how_to_write_one(typed: str, message: str) -> None:
    assert PaperForm({"counted_at": typed}).errors["counted_at"] == [message]


def test_a_date_is_shown_in_words_and_what_was_typed_is_kept() -> None:
    shown = str(PaperForm(initial={"counted_at": dt.date(2024, 11, 5)})["counted_at"])
    assert 'value="5 November 2024"' in shown
    assert 'value="31/02/2024"' in str(PaperForm({"counted_at": "31/02/2024"})["counted_at"])


def test_dates_of_models_become_our_dates() -> None:
    class HolderForm(GovukModelForm):
        class Meta:
            model = LeadHolder
            fields = ("started_on",)

    form = HolderForm({"started_on": "20.11.24"})
    assert isinstance(form.fields["started_on"], DateField)
    assert form.fields["started_on"].label == "From"
    assert form["started_on"].field.clean("20.11.24") == dt.date(2024, 11, 20)


# Markup


def test_hint_and_error_describe_their_field() -> None:
    html = PaperForm({"title": ""})["title"].as_field_group()
    assert '<label class="govuk-label govuk-label--s" for="id_title">Title</label>' in html
    assert '<div id="id_title_hint" class="govuk-hint">As on the cover.</div>' in html
    assert (
        '<p id="id_title_error" class="govuk-error-message">'
        '<span class="govuk-visually-hidden">Error:</span> Enter a title</p>'
    ) in html
    assert 'aria-describedby="id_title_hint id_title_error"' in html
    assert 'aria-invalid="true"' in html
    assert 'class="govuk-input govuk-input--error"' in html


def test_a_group_of_choices_has_a_legend_and_is_described_once() -> None:
    html = PaperForm({})["kind"].as_field_group()
    assert '<fieldset class="govuk-fieldset" aria-describedby="id_kind_error">' in html
    assert "Kind</legend>" in html
    assert 'class="govuk-radios" data-module="govuk-radios"' in html
    assert html.count("aria-describedby") == 1
    assert (
        '<input class="govuk-radios__input" type="radio" name="kind" value="afi" id="id_kind_0">'
        in html
    )
    assert '<label class="govuk-label govuk-radios__label" for="id_kind_0">AFI</label>' in html


def test_chosen_checkboxes_come_back_ticked() -> None:
    html = str(PaperForm({"areas": ["2"]})["areas"])
    assert 'value="2" id="id_areas_1" checked' in html
    assert 'value="1" id="id_areas_0">' in html


def test_choices_in_groups_carry_the_name_of_their_group() -> None:
    class Form(GovukForm):
        area = forms.ChoiceField(choices=[("Crime", [("1", "One")])], widget=forms.RadioSelect)

    assert ">Crime</p>" in str(Form()["area"])


def test_a_single_checkbox_stands_before_its_label_with_its_hint() -> None:
    html = PaperForm({})["checked"].as_field_group()
    assert html.index("<input") < html.index("<label")
    assert 'id="id_checked_hint" class="govuk-hint govuk-checkboxes__hint"' in html
    assert 'aria-describedby="id_checked_hint id_checked_error"' in html
    assert "<legend" not in html


def test_a_password_can_be_shown() -> None:
    html = str(PaperForm()["secret"])
    assert 'data-module="govuk-password-input"' in html
    assert "govuk-js-password-input-input" in html
    assert 'aria-controls="id_secret"' in html


def test_a_typed_password_is_not_sent_back() -> None:
    assert "hunter2" not in str(PaperForm({"secret": "hunter2"})["secret"])


def test_a_file_that_is_there_already_is_named() -> None:
    class Stored:
        url = "/files/1"

        def __str__(self) -> str:
            return "letter.pdf"

    html = str(PaperForm(initial={"sheet": Stored()})["sheet"])
    assert "Now: letter.pdf" in html
    assert 'class="govuk-file-upload"' in html


def test_fields_that_may_stay_empty_are_marked_optional() -> None:
    html = str(PaperForm())
    assert ">Note (optional)</label>" in html
    assert ">Title</label>" in html


def test_a_limit_is_counted_for_the_writer_and_never_cuts_the_text() -> None:
    html = PaperForm()["note"].as_field_group()
    assert 'data-module="govuk-character-count" data-maxlength="20"' in html
    assert 'id="id_note-info"' in html
    assert 'aria-describedby="id_note-info"' in html
    assert " maxlength=" not in str(PaperForm())
    assert " minlength=" not in str(PaperForm())


def test_a_long_text_has_five_rows_unless_its_author_said_otherwise() -> None:
    class Form(GovukForm):
        short = forms.CharField(widget=forms.Textarea)
        long = forms.CharField(widget=forms.Textarea(attrs={"rows": "20"}))

    assert 'rows="5"' in str(Form()["short"])
    assert 'rows="20"' in str(Form()["long"])


def test_browsers_are_not_asked_to_check() -> None:
    assert " required" not in str(PaperForm())


def test_own_classes_of_a_widget_are_kept() -> None:
    class Form(GovukForm):
        count = forms.CharField(widget=forms.TextInput(attrs={"class": "govuk-input--width-5"}))

    assert 'class="govuk-input govuk-input--width-5"' in str(Form()["count"])


def test_widgets_without_a_component_and_hidden_ones_stay_as_django_made_them() -> None:
    class Form(GovukForm):
        day = forms.Field(widget=forms.SelectDateWidget(years=[2024]), required=False)
        since = forms.DateField(widget=forms.HiddenInput, required=False)
        version = forms.CharField(widget=forms.HiddenInput)

    form = Form({"version": ""})
    assert "govuk-" not in str(form["day"])
    assert "govuk-" not in str(form["version"])
    assert 'type="hidden"' in str(form["since"])
    assert "aria-describedby" not in str(form["version"])
    assert form["version"].aria_describedby == ""


def test_hidden_fields_are_in_the_form_once() -> None:
    assert str(PaperForm()).count('name="version"') == 1


def test_what_was_typed_is_escaped() -> None:
    html = str(PaperForm({"title": '"><script>'})["title"])
    assert "<script>" not in html


def test_forms_of_libraries_keep_their_own_look() -> None:
    class Plain(forms.Form):
        title = forms.CharField()

    assert "govuk" not in str(Plain({}))


# Error summary


def test_the_error_summary_leads_to_each_field() -> None:
    form = PaperForm({"version": "1"})
    links = {link.text: link.href for link in form.error_links()}
    assert links["Enter a title"] == "#id_title"
    assert links["Select a kind"] == "#id_kind_0"
    assert links["Tick “I have checked it” to go on"] == "#id_checked"


def test_errors_of_the_whole_form_lead_to_its_first_field() -> None:
    form = PaperForm({"version": "1"})
    form.add_error(None, "These two do not fit together")
    assert form.error_links()[0].text == "These two do not fit together"
    assert form.error_links()[0].href == "#id_title"


def test_errors_nobody_can_put_right_lead_nowhere() -> None:
    class Form(GovukForm):
        version = forms.IntegerField(widget=forms.HiddenInput)

    form = Form({})
    form.add_error(NON_FIELD_ERRORS, "Open the page again")
    assert [(link.text, link.href) for link in form.error_links()] == [
        ("Open the page again", ""),
        ("Enter a version", ""),
    ]


def test_a_form_without_errors_has_no_summary() -> None:
    html = render_to_string("components/error_summary.html", {"form": PaperForm()})
    assert html.strip() == ""


def test_the_summary_shows_every_error_as_a_link() -> None:
    html = render_to_string("components/error_summary.html", {"form": PaperForm({})})
    assert "There is a problem" in html
    assert '<a href="#id_title">Enter a title</a>' in html
    assert "<li>Enter a version</li>" in html


def test_errors_without_a_form_have_a_summary_too() -> None:
    html = render_to_string(
        "components/error_summary.html",
        {"errors": [{"text": "Choose a file", "href": "#file"}, {"text": "Try again"}]},
    )
    assert '<a href="#file">Choose a file</a>' in html
    assert "<li>Try again</li>" in html


def test_line_ends_of_a_browser_do_not_change_a_text() -> None:
    class Note(GovukForm):
        text = forms.CharField(widget=forms.Textarea)

    form = Note({"text": "One.\r\n\r\nTwo."})
    assert form.is_valid()
    assert form.cleaned_data["text"] == "One.\n\nTwo."
