"""Setting an import up: sheet and row of headers, columns, words; what is remembered of that."""

from collections.abc import Callable, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from people.models import User
from portal.imports.refused import ImportNotPossible
from portal.imports.setting_up import (
    SetUpMeanwhile,
    choose_columns,
    choose_place,
    choose_words,
)
from portal.layouts.meanings import meanings_of, remember
from portal.models import Meaning, Outcome, Profile, Purpose, SpreadsheetImport, State
from tests.factories import make_framework, make_lead, make_meaning, make_profile
from tests.portal.strange_lists import all_fields, kept, strange_list
from tests.workbooks import HEADERS, row

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]


@pytest.fixture
def admin(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.admin)


@pytest.fixture(autouse=True)
def framework(db: None, media: Path) -> None:
    make_framework(questions=11)


def placed(rows: Sequence[dict[str, Any]], actor: User, **fields: Any) -> SpreadsheetImport:
    """The same, its row of headers chosen."""
    return choose_place(
        kept(strange_list(rows), **fields), sheet="Tracker", header_row=4, actor=actor
    )


def mapped(rows: Sequence[dict[str, Any]], actor: User) -> SpreadsheetImport:
    """An import that is set up, up to its words."""
    of = placed(rows, actor)
    return choose_columns(of, fields=all_fields(of), keep_as="", actor=actor)


def address(name: str, of: SpreadsheetImport) -> str:
    return reverse(f"portal:{name}", args=[of.pk])


def page(client: Client, name: str, of: SpreadsheetImport) -> str:
    response = client.get(address(name, of))
    assert response.status_code == 200
    return response.content.decode()


def columns_posted(of: SpreadsheetImport, keep_as: str = "", **different: str) -> dict[str, Any]:
    posted: dict[str, Any] = {
        f"column_{index}": field for index, field in all_fields(of, **different).items()
    }
    return {**posted, "preview": of.previews, "keep_as": keep_as}


def select_of(text: str, word: str) -> str:
    """The name of the select that asks what a word means."""
    before = text[: text.index(f"What “{word}” means")]
    return before.rpartition('for="id_')[2].partition('"')[0]


# The sheet and its row of headers


def test_the_first_rows_of_every_sheet_are_shown_with_one_choice_among_all(
    admin: Client,
) -> None:
    text = page(admin, "sheet", kept(strange_list([row(1)])))
    assert "Which row holds the headers?" in text
    assert "Sheet “Tracker”" in text
    assert "Sheet “Lookups”" in text
    assert "This sheet is empty." in text
    assert text.count('name="place"') == 5
    assert "Row 4" in text
    assert "Our number" in text
    # The first row that names several columns is offered.
    assert text.count(" checked") == 1


def test_a_hidden_sheet_is_said_to_be_hidden(admin: Client) -> None:
    of = kept(strange_list([row(1)]))
    of.outline[1]["hidden"] = True
    of.save()
    assert "Sheet “Lookups”, which is hidden in Excel" in page(admin, "sheet", of)


def test_choosing_a_row_reads_the_rows_below_it_and_leads_to_the_columns(admin: Client) -> None:
    of = kept(strange_list([row(1), row(2)]))
    response = admin.post(address("sheet", of), {"place": "0:4", "preview": 0})
    assert response["Location"] == address("columns", of)
    of.refresh_from_db()
    assert (of.sheet, of.header_row) == ("Tracker", 4)
    assert [row.sheet_row for row in of.rows.order_by("sheet_row")] == [5, 6]
    assert of.columns[0]["header"] == "Our number"
    assert of.columns[1]["field"] == "portal_reference"
    assert 'value="0:4" id="id_place_2" checked' in page(admin, "sheet", of)


def test_ten_rows_of_a_sheet_are_shown_and_the_others_unfold(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = kept(strange_list([row(number) for number in range(1, 16)]))
    text = page(admin, "sheet", of)
    first, _, rest = text.partition("8 more rows")
    assert first.count('value="0:') == 10
    assert rest.count('value="0:') == 8
    of.sheet, of.header_row = "Tracker", 17
    of.save()
    text = page(admin, "sheet", of)
    first, _, rest = text.partition("2 more rows")
    assert 'value="0:17" id="id_place_15" checked' in first
    assert rest.count('value="0:') == 2


def test_what_only_our_export_writes_is_not_offered_for_another_column(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = placed([row(1)], cast.admin)
    assert "As exported (do not change)" not in page(admin, "columns", of)
    of.columns[3]["header"] = "as exported (do not change)"
    of.save()
    assert page(admin, "columns", of).count("As exported (do not change)</option>") == 1


def test_without_a_choice_the_page_says_what_to_do(admin: Client) -> None:
    of = kept(strange_list([row(1)]))
    text = admin.post(address("sheet", of), {"preview": 0}).content.decode()
    assert text.count("Select the row that holds the headers") == 2
    assert 'href="#id_place_0"' in text
    nonsense = admin.post(address("sheet", of), {"place": "7:99", "preview": 0})
    assert "Select one of the rows below" in nonsense.content.decode()


def test_an_import_without_an_outline_says_what_to_do(admin: Client) -> None:
    of = kept(strange_list([row(1)]))
    of.outline = []
    of.save()
    assert "Upload it again" in page(admin, "sheet", of)
    assert admin.get(address("columns", of))["Location"] == address("sheet", of)


def test_another_row_of_headers_reads_everything_anew(cast: SimpleNamespace) -> None:
    of = placed([row(1), row(2)], cast.admin)
    again = choose_place(of, sheet="Tracker", header_row=5, actor=cast.admin)
    assert [row.sheet_row for row in again.rows.all()] == [6]
    assert again.state == State.SETTING_UP


@pytest.mark.parametrize(
    ("sheet", "header_row", "sentence"),
    [
        ("Elsewhere", 4, "no sheet “Elsewhere”"),
        ("Tracker", 3, "Row 3 of the sheet “Tracker” is empty"),
        ("Blank", 1, "Row 1 of the sheet “Blank” is empty"),
    ],
)
def test_a_place_that_is_not_there_is_refused(
    cast: SimpleNamespace, sheet: str, header_row: int, sentence: str
) -> None:
    of = kept(strange_list([row(1)]))
    with pytest.raises(ImportNotPossible, match=sentence):
        choose_place(of, sheet=sheet, header_row=header_row, actor=cast.admin)


def test_who_is_slower_is_told_and_may_save_again(admin: Client, cast: SimpleNamespace) -> None:
    of = kept(strange_list([row(1), row(2)]))
    choose_place(of, sheet="Tracker", header_row=4, actor=cast.governance)
    text = admin.post(address("sheet", of), {"place": "0:2", "preview": 0}).content.decode()
    assert "Governance set this import up after you opened the page." in text
    assert 'value="0:2" id="id_place_1" checked' in text
    of.refresh_from_db()
    assert of.header_row == 4
    assert f'name="preview" value="{of.previews}"' in text
    admin.post(address("sheet", of), {"place": "0:2", "preview": of.previews})
    of.refresh_from_db()
    assert of.header_row == 2


def test_a_double_press_does_no_harm(admin: Client) -> None:
    of = kept(strange_list([row(1)]))
    for _ in range(2):
        response = admin.post(address("sheet", of), {"place": "0:4", "preview": 0})
        assert response["Location"] == address("columns", of)
    of.refresh_from_db()
    assert of.previews == 1
    posted = columns_posted(of)
    for _ in range(2):
        assert admin.post(address("columns", of), posted).status_code == 302
    of.refresh_from_db()
    assert of.previews == 2


@pytest.mark.parametrize("name", ["sheet", "columns", "words"])
def test_an_import_that_is_finished_is_not_set_up_any_more(
    admin: Client, cast: SimpleNamespace, name: str
) -> None:
    of = mapped([row(1)], cast.admin)
    of.state, of.applied_at = State.APPLIED, timezone.now()
    of.save()
    assert admin.get(address(name, of))["Location"] == of.get_absolute_url()
    response = admin.post(address(name, of), {"place": "0:2"}, follow=True)
    assert "This import is finished" in response.content.decode()
    for choose in (
        lambda: choose_place(of, sheet="Tracker", header_row=2, actor=cast.admin),
        lambda: choose_columns(of, fields={}, keep_as="", actor=cast.admin),
        lambda: choose_words(of, meant={("level", "x"): ""}, actor=cast.admin),
    ):
        with pytest.raises(ImportNotPossible, match="finished"):
            choose()


def test_an_import_that_is_being_applied_is_not_set_up(cast: SimpleNamespace) -> None:
    of = mapped([row(1)], cast.admin)
    of.asked_at = timezone.now()
    of.save()
    with pytest.raises(ImportNotPossible, match="being applied"):
        choose_place(of, sheet="Tracker", header_row=2, actor=cast.admin)


# The columns


def test_each_column_is_shown_with_its_header_its_values_and_what_it_holds(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = placed([row(1), row(2)], cast.admin)
    text = page(admin, "columns", of)
    assert "Our number" in text
    assert "ST-0001; ST-0002" in text
    assert "What column A holds" in text
    assert text.count("Not read</option>") == len(HEADERS)
    assert '<optgroup label="Needed for new records">' in text
    assert "Guessed" not in text


def test_what_was_guessed_is_said_so(admin: Client, cast: SimpleNamespace) -> None:
    of = placed([row(1), row(2), row(3)], cast.admin)
    assert next(each["how"] for each in of.columns if each["header"] == "Sort") != "by its name"
    text = page(admin, "columns", of)
    assert "Guessed by what is in it" in text
    assert "One column was guessed: look at it first." in text


def test_choosing_columns_reads_the_rows_that_are_kept(
    admin: Client, cast: SimpleNamespace
) -> None:
    make_lead("ACC Baker", chief_officer=True)
    make_lead("Head of Crime")
    of = placed([row(1), row(2)], cast.admin)
    assert of.state == State.SETTING_UP or of.counts["new"] == 0
    of.file.storage.delete(of.file.name or "")
    response = admin.post(address("columns", of), columns_posted(of))
    assert response["Location"] == of.get_absolute_url()
    of.refresh_from_db()
    assert (of.state, of.counts["new"]) == (State.PREVIEWED, 2)
    assert of.rows.first().reference == "ST-0001"  # type: ignore[union-attr]


def test_a_field_that_is_chosen_twice_is_said_beside_the_column(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = placed([row(1)], cast.admin)
    before = of.previews
    response = admin.post(address("columns", of), columns_posted(of, D="text", keep_as="Mine"))
    text = response.content.decode()
    assert text.count("Column D holds “Action required” already.") == 2
    assert 'href="#id_column_13"' in text
    assert 'value="Mine"' in text
    assert '<option value="text" selected>' in text
    of.refresh_from_db()
    assert (of.previews, Profile.objects.count()) == (before, 0)


def test_columns_that_tell_of_no_record_are_refused(admin: Client, cast: SimpleNamespace) -> None:
    of = placed([row(1)], cast.admin)
    posted = columns_posted(of, A="", B="", N="")
    text = admin.post(address("columns", of), posted).content.decode()
    assert "Nothing tells which record a row is about" in text
    for fields, sentence in (
        ({0: "due", 1: "due"}, "chosen for 2 columns"),
        ({0: "colour"}, "from the list"),
        ({0: "due"}, "Nothing tells"),
    ):
        with pytest.raises(ValidationError, match=sentence):
            choose_columns(of, fields=fields, keep_as="", actor=cast.admin)


def test_a_layout_is_remembered_and_fits_the_next_spreadsheet(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = placed([row(1)], cast.admin)
    response = admin.post(
        address("columns", of), columns_posted(of, keep_as="Corporate list"), follow=True
    )
    assert "The layout is remembered as “Corporate list”." in response.content.decode()
    profile = Profile.objects.get()
    assert (profile.purpose, profile.sheet, profile.created_by) == (
        Purpose.LIST,
        "Tracker",
        cast.admin,
    )
    again = placed([row(7)], cast.admin)
    assert again.profile == profile
    assert again.state == State.PREVIEWED
    assert again.counts["new"] == 1
    assert "The saved layout “Corporate list” fits." in page(admin, "columns", again)


def test_saving_changed_columns_updates_the_layout_that_fits(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = placed([row(1)], cast.admin)
    choose_columns(of, fields=all_fields(of), keep_as="Corporate list", actor=cast.admin)
    again = placed([row(7)], cast.admin)
    text = page(admin, "columns", again)
    assert "Saving updates the layout “Corporate list”." in text
    assert 'name="keep_as" value="Corporate list"' in text
    unchanged = columns_posted(again, keep_as="Corporate list")
    said = admin.post(address("columns", again), unchanged, follow=True).content.decode()
    assert "is remembered as" not in said
    assert Profile.objects.get().history.count() == 1  # type: ignore[attr-defined]
    posted = columns_posted(again, keep_as="Corporate list", P="")
    said = admin.post(address("columns", again), posted, follow=True).content.decode()
    assert "The layout is remembered as “Corporate list”." in said
    again.refresh_from_db()
    assert again.profile == Profile.objects.get()
    assert Profile.objects.get().fields["due"] == ""


def test_a_layout_that_is_changed_no_longer_is_that_layout(cast: SimpleNamespace) -> None:
    of = placed([row(1)], cast.admin)
    choose_columns(of, fields=all_fields(of), keep_as="Corporate list", actor=cast.admin)
    again = placed([row(7)], cast.admin)
    changed = choose_columns(again, fields=all_fields(again, P=""), keep_as="", actor=cast.admin)
    assert changed.profile is None
    assert Profile.objects.get().fields["due"] == "due"


def test_a_name_too_long_is_refused_and_nothing_is_lost(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = placed([row(1)], cast.admin)
    text = admin.post(address("columns", of), columns_posted(of, keep_as="x" * 81))
    assert "must be 80 characters or fewer" in text.content.decode()


def test_columns_that_were_chosen_meanwhile_are_not_undone(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = placed([row(1)], cast.admin)
    choose_columns(of, fields=all_fields(of, P=""), keep_as="", actor=cast.governance)
    text = admin.post(address("columns", of), columns_posted(of)).content.decode()
    assert "Governance set this import up" in text
    with pytest.raises(SetUpMeanwhile):
        choose_columns(of, fields=all_fields(of), keep_as="", actor=cast.admin, seen=of.previews)


# The words


def test_words_that_are_not_known_are_asked_with_where_they_stand(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = placed([row(1, Level="Middling"), row(2, Level="Middling"), row(3)], cast.admin)
    response = admin.post(address("columns", of), columns_posted(of))
    assert response["Location"] == address("words", of)
    text = page(admin, "words", of)
    assert "Middling" in text
    assert "Two rows, the first is row 5" in text
    assert "Do not decide: these rows cannot be read" in text
    assert "Leave the cell empty" in text
    assert "Column I" in text


def test_what_a_word_means_is_remembered_and_its_rows_are_read(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = mapped([row(1, Level="Middling"), row(2, Kind="Reccomendation")], cast.admin)
    assert of.counts["unreadable"] == 2
    text = page(admin, "words", of)
    posted = {select_of(text, "Middling"): "is:2", select_of(text, "Reccomendation"): ""}
    assert admin.post(address("words", of), posted)["Location"] == of.get_absolute_url()
    of.refresh_from_db()
    assert (of.counts["new"], of.counts["unreadable"]) == (1, 1)
    assert meanings_of(Purpose.LIST) == {("level", "middling"): "2"}
    assert Meaning.objects.get().recorded_by == cast.admin
    assert mapped([row(9, Level="MIDDLING ")], cast.admin).counts["new"] == 1


def test_a_word_can_be_read_as_an_empty_cell(cast: SimpleNamespace) -> None:
    of = mapped([row(1, Level="to follow")], cast.admin)
    done = choose_words(of, meant={("level", "to follow"): ""}, actor=cast.admin)
    assert (done.counts["unreadable"], done.counts["new"]) == (0, 1)


def test_a_word_much_like_one_that_is_known_is_suggested(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = mapped([row(1, Kind="Recomendation"), row(2, Kind="Wish")], cast.admin)
    text = page(admin, "words", of)
    assert '<option value="is:Recommendation" selected>' in text
    assert text.count("Suggested, because it reads much like it") == 1


def test_leads_come_last_and_are_recorded_unless_they_are_said_to_be_others(
    admin: Client, cast: SimpleNamespace
) -> None:
    make_lead("ACC Baker", chief_officer=True)
    for name in ("Head of Crime", "Head of Custody", "Head of People Services", "Head of Roads"):
        make_lead(name)
    leads = ("Head of Crimes", "DCI Hill", "Head of Roads")
    rows = [row(number, Delivery_lead=name) for number, name in enumerate(leads, start=1)]
    of = mapped([*rows, row(4, Level="?")], cast.admin)
    text = page(admin, "words", of)
    assert text.index("“?”") < text.index("“Head of Crimes”")
    assert '<option value="is:Head of Crime" selected>' in text
    assert '<optgroup label="Similar">' in text
    assert '<option value="" selected>Record as a new lead</option>' in text
    posted = {select_of(text, "Head of Crimes"): "is:Head of Crime"}
    admin.post(address("words", of), posted)
    of.refresh_from_db()
    assert "Head of Crimes" not in of.new_leads
    assert meanings_of(Purpose.LIST) == {("delivery", "head of crimes"): "Head of Crime"}


def test_nothing_decided_changes_nothing(admin: Client, cast: SimpleNamespace) -> None:
    of = mapped([row(1, Level="Middling")], cast.admin)
    assert admin.post(address("words", of), {}).status_code == 302
    assert not Meaning.objects.exists()
    before = of.previews
    of.refresh_from_db()
    assert of.previews == before


def test_a_meaning_that_is_nonsense_is_refused(admin: Client, cast: SimpleNamespace) -> None:
    of = mapped([row(1, Level="Middling")], cast.admin)
    name = select_of(page(admin, "words", of), "Middling")
    assert "from the list" in admin.post(address("words", of), {name: "is:9"}).content.decode()
    for meant in ({("level", "Middling"): "9"}, {("colour", "red"): "blue"}):
        with pytest.raises(ValidationError, match="no longer known here"):
            choose_words(of, meant=meant, actor=cast.admin)
    assert not Meaning.objects.exists()


def test_with_every_word_known_the_page_leads_on(admin: Client, cast: SimpleNamespace) -> None:
    make_lead("ACC Baker", chief_officer=True)
    make_lead("Head of Crime")
    text = page(admin, "words", mapped([row(1)], cast.admin))
    assert "Every word is known" in text
    assert "<form method" not in text.partition("<main")[2]


def test_words_wait_for_the_columns(admin: Client) -> None:
    of = kept(strange_list([row(1)]))
    assert admin.get(address("words", of))["Location"] == address("columns", of)


def test_a_word_that_is_remembered_can_be_given_another_meaning(cast: SimpleNamespace) -> None:
    remember(Purpose.LIST, {("level", "Mid  dling"): "2"}, actor=cast.admin)
    assert remember(Purpose.LIST, {("level", "mid dling"): "2"}, actor=cast.admin) == []
    [changed] = remember(Purpose.LIST, {("level", "MID DLING"): "3"}, actor=cast.governance)
    assert (changed.meant, changed.recorded_by) == ("3", cast.governance)
    assert changed.history.count() == 2  # type: ignore[attr-defined]
    assert remember(Purpose.EXPORT, {("level", "mid dling"): ""}, actor=None) != []


def test_the_steps_are_numbered_and_lead_to_each_other(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = kept(strange_list([row(1)]))
    first = page(admin, "sheet", of)
    assert '<strong aria-current="step">1 Sheet</strong>' in first
    assert address("columns", of) not in first
    text = page(admin, "columns", mapped([row(1)], cast.admin))
    assert '<strong aria-current="step">2 Columns</strong>' in text
    for step in ("1 Sheet</a>", "3 Words</a>", "4 Preview</a>"):
        assert step in text


def test_only_who_may_take_it_in_sees_it(cast: SimpleNamespace, sign_in: SignIn) -> None:
    of = kept(strange_list([row(1)]))
    governance = sign_in(cast.governance)
    assert governance.get(address("sheet", of)).status_code == 404
    export = kept(strange_list([row(1)]), purpose=Purpose.EXPORT)
    assert governance.get(address("sheet", export)).status_code == 200


# What is remembered


def test_with_nothing_remembered_the_page_says_how_to(admin: Client) -> None:
    text = admin.get(reverse("portal:layouts")).content.decode()
    assert "No layout has been saved" in text
    assert "No word is remembered" in text


def test_saved_layouts_and_words_are_listed(admin: Client) -> None:
    make_profile("Corporate list", sheet="Tracker")
    make_meaning("corp", "Head of Crime")
    make_meaning("later", "", field="gone")
    text = admin.get(reverse("portal:layouts")).content.decode()
    for words in ("Corporate list", "Tracker", 'data-label="Columns read" class', ">2<"):
        assert words in text
    for words in ("corp", "Head of Crime", "Delivery lead", "an empty cell", "gone"):
        assert words in text


def test_a_layout_shows_what_it_reads_and_can_be_renamed(admin: Client) -> None:
    profile = make_profile()
    make_profile("Monthly")
    at = reverse("portal:layout", args=[profile.pk])
    text = admin.get(at).content.decode()
    for words in ("our number", "Local ref", "Not read"):
        assert words in text
    taken = admin.post(at, {"name": "monthly"}).content.decode()
    assert "There is a layout of this name already." in taken
    assert 'value="monthly"' in taken
    assert "Enter a name" in admin.post(at, {"name": " "}).content.decode()
    assert admin.post(at, {"name": "Weekly"}).status_code == 302
    profile.refresh_from_db()
    assert profile.name == "Weekly"


def test_headers_and_words_are_shown_as_they_were_written(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = mapped([row(1, Kind="AFI  or so")], cast.admin)
    choose_columns(of, fields=all_fields(of), keep_as="Corporate list", actor=cast.admin)
    choose_words(of, meant={("kind", "AFI  or so"): "AFI"}, actor=cast.admin)
    remember(Purpose.EXPORT, {("kind", "AfI (new)"): "area for improvement"}, actor=cast.admin)
    at = reverse("portal:layout", args=[Profile.objects.get().pk])
    text = admin.get(at).content.decode()
    assert "What they want</th>" in text
    assert "what they want" not in text
    text = admin.get(reverse("portal:layouts")).content.decode()
    for words in ("AFI or so</th>", "AfI (new)</th>", "Area for improvement</td>"):
        assert words in text
    meaning = Meaning.objects.get(purpose=Purpose.EXPORT)
    asked = admin.get(reverse("portal:forget_word", args=[meaning.pk])).content.decode()
    assert "Forget what “AfI (new)” means?" in asked
    assert "it means “Area for improvement” now" in asked


def test_a_layout_is_deleted_only_when_somebody_has_said_so(
    admin: Client, cast: SimpleNamespace
) -> None:
    of = placed([row(1)], cast.admin)
    of = choose_columns(of, fields=all_fields(of), keep_as="Corporate list", actor=cast.admin)
    at = reverse("portal:delete_layout", args=[Profile.objects.get().pk])
    assert "What was imported stays" in admin.get(at).content.decode()
    assert Profile.objects.exists()
    response = admin.post(at, follow=True)
    assert "The layout “Corporate list” is deleted." in response.content.decode()
    of.refresh_from_db()
    assert (of.profile, of.rows.get().outcome) == (None, Outcome.NEW)


def test_a_word_is_forgotten_only_when_somebody_has_said_so(admin: Client) -> None:
    at = reverse("portal:forget_word", args=[make_meaning().pk])
    assert "it means “Head of Crime” now" in admin.get(at).content.decode()
    assert Meaning.objects.exists()
    response = admin.post(at, follow=True)
    assert "“corp” is forgotten" in response.content.decode()
    assert not Meaning.objects.exists()
    assert Meaning.history.count() == 2


def test_layouts_of_a_list_are_not_for_who_only_reconciles(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    profile, meaning = make_profile(), make_meaning()
    governance = sign_in(cast.governance)
    text = governance.get(reverse("portal:layouts")).content.decode()
    assert "Corporate list" not in text
    assert "No word is remembered" in text
    for name, pk in (
        ("layout", profile.pk),
        ("delete_layout", profile.pk),
        ("forget_word", meaning.pk),
    ):
        assert governance.get(reverse(f"portal:{name}", args=[pk])).status_code == 404


def test_the_list_of_layouts_takes_the_same_number_of_queries_however_long_it_is(
    admin: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    make_profile()
    make_meaning()
    with django_assert_max_num_queries(20) as few:
        admin.get(reverse("portal:layouts"))
    for number in range(8):
        make_profile(f"Layout {number}")
        make_meaning(f"word {number}")
    with django_assert_num_queries(len(few)):
        admin.get(reverse("portal:layouts"))
