"""Where in a spreadsheet the rows stand, and what each column holds."""

import datetime as dt
import io
from collections.abc import Sequence
from typing import Any

import pytest
from openpyxl import Workbook

from portal.layouts.guessing import BY_CONTENT, Guess, columns_of, guess
from portal.layouts.matching import BY_NAME
from portal.layouts.names import Names
from portal.layouts.outline import cell_words, outline_of
from portal.layouts.profiles import delete_profile, profiles_of, rename_profile, save_profile
from portal.lists.start_list import START_LIST
from portal.models import Profile, Purpose
from portal.reading.files import open_spreadsheet
from portal.reading.workbook import ErrorValue, UnsavedFormula, open_workbook
from tests.factories import make_action, make_lead, make_publication
from tests.workbooks import HEADERS, row, saved, start_list
from tracker.choices import Kind

pytestmark = pytest.mark.django_db

Rows = Sequence[Sequence[Any]]


def book_of(**sheets: Rows) -> io.BytesIO:
    """A workbook with these sheets."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for cells in rows:
            sheet.append(list(cells))
    return saved(book)


def guessed(file: io.BytesIO) -> Guess | None:
    with open_workbook(file) as sheets:
        return guess(sheets, START_LIST, profiles_of(Purpose.LIST))


def found_in(file: io.BytesIO) -> Guess:
    found = guessed(file)
    assert found is not None
    return found


def fields(found: Guess) -> dict[str, str]:
    """Letter -> field of the columns that are read."""
    return {column.letter: column.field for column in found.found if column.field}


def how(found: Guess, field: str) -> str:
    return next(column.how for column in found.found if column.field == field)


def data(*headers: str, count: int = 4, **different: Any) -> Rows:
    """Rows under some of the usual headers."""
    rows = [row(number, **different) for number in range(1, count + 1)]
    return [[each.get(header) for header in headers] for each in rows]


def save(name: str, purpose: Purpose = Purpose.LIST, sheet: str = "", **read: Any) -> Profile:
    columns = [{"header": header.replace("_", " "), "field": name} for header, name in read.items()]
    return save_profile(name=name, purpose=purpose, sheet=sheet, columns=columns, actor=None)


def test_the_usual_list_is_known_by_its_names() -> None:
    found = found_in(start_list([row(1), row(2)]))
    assert (found.sheet, found.header_row, found.sure, found.profile) == (0, 1, True, None)
    assert len(fields(found)) == len(HEADERS)
    assert {column.how for column in found.found} == {BY_NAME}
    assert found.found[0].samples == ("ST-0001", "ST-0002")


@pytest.mark.parametrize(
    "header", ["LOCAL REF", "local  ref", "Local\nref", "Local ref.", "Local-ref:", "Local\xa0ref"]
)
def test_letter_case_spaces_and_punctuation_of_a_header_do_not_matter(header: str) -> None:
    headers = [header if each == "Local ref" else each for each in HEADERS]
    rows = [headers, *data(*HEADERS)]
    found = found_in(book_of(StART=rows))
    assert (fields(found)["A"], how(found, "reference"), found.sure) == ("reference", BY_NAME, True)


def test_a_column_that_nobody_knows_is_listed_and_disturbs_nothing() -> None:
    rows = [[*HEADERS, "Team’s thoughts"], *([*each, "fine"] for each in data(*HEADERS))]
    found = found_in(book_of(StART=rows))
    assert found.sure
    last = found.found[-1]
    assert (last.header, last.field, last.how, last.samples) == (
        "Team’s thoughts",
        "",
        "",
        ("fine",),
    )


def test_headers_stand_under_a_title_block() -> None:
    above: list[list[Any]] = [
        ["Cleveland Police", None, None],
        ["Kind", "of list", "Received from everybody"],
        ["As at 20 November 2024"],
        [None],
        [None],
    ]
    found = found_in(start_list([row(1)], above=above))
    assert (found.header_row, found.sure) == (6, True)


def test_headers_are_looked_for_in_thirty_rows() -> None:
    block = [[f"Line {number}"] for number in range(1, 30)]
    assert found_in(start_list([row(1)], above=block)).header_row == 30
    assert guessed(start_list([row(1)], above=[*block, ["Line 30"]])) is None


def test_headers_split_over_two_rows_are_read_together() -> None:
    top = ["Local", "Portal", "On", "Lead", None, "Action", "Dates", None]
    low = ["ref", "ref", "portal", "Executive", "Delivery", "required", "Received", "Due"]
    usual = [
        "Local ref",
        "Portal ref",
        "On portal",
        "Executive lead",
        "Delivery lead",
        "Action required",
        "Received",
        "Due",
    ]
    found = found_in(book_of(StART=[["Title"], top, low, *data(*usual)]))
    assert found.header_row == 3
    assert list(fields(found).values())[:4] == [
        "reference",
        "portal_reference",
        "on_portal",
        "executive",
    ]
    assert fields(found)["F"] == "text"
    assert fields(found)["G"] == "received"
    assert found.found[0].header == "Local ref"


def test_a_header_merged_over_two_rows_counts_once() -> None:
    """Merged cells come filled: both rows say it, and data begins below the lower one."""
    top = [*HEADERS[:11], "Leads", "Leads", *HEADERS[13:]]
    low = [*HEADERS[:11], "Executive lead", "Delivery lead", *HEADERS[13:]]
    found = found_in(book_of(StART=[top, low, *data(*HEADERS)]))
    assert (found.header_row, found.sure) == (2, True)
    assert found_in(book_of(StART=[list(HEADERS), list(HEADERS), *data(*HEADERS)])).header_row == 2


def test_headers_that_are_printed_again_further_down_are_not_taken_for_the_first() -> None:
    rows = [list(HEADERS), *data(*HEADERS), list(HEADERS), *data(*HEADERS)]
    assert found_in(book_of(StART=rows)).header_row == 1


def test_a_title_merged_over_all_columns_is_no_upper_half_of_the_headers() -> None:
    rows = [["Latest update"] * 3, ["Local ref", "Kind", "date"], *data("Local ref", "Kind", "Due")]
    found = found_in(book_of(StART=rows))
    assert list(fields(found).values()) == ["reference", "kind"]


def test_sheets_that_explain_lose_and_hidden_ones_come_last() -> None:
    book = Workbook()
    notes = book.worksheets[0]
    notes.title = "About this list"
    for cells in [list(HEADERS), *data(*HEADERS)]:
        notes.append(list(cells))
    plain = book.create_sheet("November")
    for cells in [
        ["Local ref", "Level", "Action", "Due"],
        *data("Local ref", "Level", "Kind", "Due"),
    ]:
        plain.append(list(cells))
    assert found_in(saved(book)).sheet == 1


def test_a_hidden_sheet_is_used_only_where_no_other_fits() -> None:
    def two(rows: Rows) -> io.BytesIO:
        book = Workbook()
        hidden, plain = book.worksheets[0], book.create_sheet("This month")
        hidden.title, hidden.sheet_state = "StART", "hidden"
        for cells in [list(HEADERS), *data(*HEADERS)]:
            hidden.append(list(cells))
        for cells in rows:
            plain.append(list(cells))
        return saved(book)

    short = ("Local ref", "Due", "Delivery lead")
    assert found_in(two([short, *data(*short)])).sheet == 1
    assert found_in(two([["Nothing here"]])).sheet == 0


def test_headers_in_merged_cells_are_read_with_what_stands_below_them() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    usual = ("Local ref", "Executive lead", "Delivery lead", "Action required", "Due")
    rows: list[Sequence[Any]] = [
        ["Our list, for everybody"],
        ["Local ref", "Lead", None, "Action required", "Due"],
        [None, "Executive", "Delivery", None, None],
        *data(*usual),
    ]
    for cells in rows:
        sheet.append(list(cells))
    for place in ("A1:E1", "A2:A3", "B2:C2", "D2:D3", "E2:E3"):
        sheet.merge_cells(place)
    found = found_in(saved(book))
    assert found.header_row == 3
    assert list(fields(found).values()) == ["reference", "executive", "delivery", "text", "due"]
    assert found.found[0].samples[0] == "ST-0001"


def test_a_text_file_is_guessed_like_a_workbook() -> None:
    file = io.BytesIO(b"Cleveland Police;;\nOur number;Kind;Due\nX-1;AFI;1.2.25\n")
    with open_spreadsheet(file, "Tracker.csv") as sheets:
        found = guess(sheets, START_LIST, [])
    assert found is not None
    assert (found.header_row, fields(found)) == (2, {"B": "kind", "C": "due"})


def test_the_sheet_of_the_usual_name_goes_before_another_that_says_the_same() -> None:
    rows = [list(HEADERS), *data(*HEADERS)]
    assert found_in(book_of(Older=rows, StART=rows)).sheet == 1
    assert found_in(book_of(Older=rows, Newer=rows)).sheet == 0


def test_a_sheet_that_only_explains_is_used_where_there_is_no_other() -> None:
    rows = [list(HEADERS), *data(*HEADERS)]
    assert found_in(book_of(Other=[["Nothing here"]], Notes=rows)).sheet == 1


def test_nothing_is_guessed_where_nothing_fits() -> None:
    assert guessed(book_of(Rota=[["Day", "Officer", "Car"], ["Monday", "Hill", "7"]])) is None
    assert guessed(book_of(Empty=[])) is None


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Local reference no.", "reference"),
        ("Reference (local)", "reference"),
        ("Exec lead", "executive"),
        ("Lead, executive", "executive"),
        ("Actions required", "text"),
        ("Source reports", "publication"),
        ("Due dates", "due"),
        ("Recieved", ""),  # one of eight letters and its place: too little to be sure
        ("Delivery date", ""),
        ("Parent portal ref", ""),
        ("Latest update by", ""),
        ("Closed by", ""),
        ("Score", ""),
        ("Stage 2", ""),
        ("Lead", ""),
        ("Not on portal", ""),
        ("Date reviewed", ""),
        ("Published by", ""),
    ],
)
def test_a_name_like_a_header_is_told_only_where_no_other_can_be_meant(
    header: str, field: str
) -> None:
    assert Names(START_LIST).near(header)[0] == field


def test_a_name_like_a_header_has_to_be_looked_at_by_a_person() -> None:
    headers = ["Executve lead" if each == "Executive lead" else each for each in HEADERS]
    found = found_in(book_of(StART=[headers, *data(*HEADERS)]))
    assert how(found, "executive") == "by a name like “Executive lead”"
    assert not found.sure


def test_of_two_columns_for_one_field_the_exact_name_wins() -> None:
    headers = ["Executve lead", *HEADERS]
    rows = [[None, *each] for each in data(*HEADERS)]
    found = found_in(book_of(StART=[headers, *rows]))
    assert found.found[0].field == ""
    assert fields(found)["M"] == "executive"


def test_of_two_columns_with_one_name_the_first_is_read_and_a_person_is_asked() -> None:
    found = found_in(book_of(StART=[[*HEADERS, "Level"], *data(*HEADERS, "Level")]))
    assert fields(found)["I"] == "level"
    assert found.found[-1].field == ""
    assert not found.sure


def test_a_sheet_that_only_revises_needs_a_reference_and_no_unknown_column() -> None:
    short = ("Local ref", "Due", "Delivery lead")
    assert found_in(book_of(StART=[short, *data(*short)])).sure
    strange = ["Local ref", "Due", "Who"]
    assert not found_in(book_of(StART=[strange, *data(*short)])).sure


def test_what_a_column_holds_is_told_by_recorded_references_and_titles() -> None:
    publication = make_publication("An inspection of how forces keep dogs")
    for number in range(1, 5):
        make_action(
            reference=f"ST-{number:04}", portal_reference=f"REC-{number}", publication=publication
        )
    rows = [
        ["Our no.", "Theirs", "Out of", "Sort", "How far"],
        *data("Local ref", "Portal ref", "Source report", "Kind", "Stage"),
    ]
    found = found_in(book_of(List=rows))
    assert fields(found) == {
        "A": "reference",
        "B": "portal_reference",
        "C": "publication",
        "D": "kind",
        "E": "stage",
    }
    assert how(found, "kind") == BY_CONTENT
    assert (found.header_row, found.sure) == (1, False)


def test_levels_with_letters_are_told_and_plain_figures_are_not() -> None:
    rows: list[list[Any]] = [["Local ref", "Kind", "How hard", "Priority"]]
    rows += [[f"ST-{n}", "AFI", f"L{n % 4 + 1}", n % 4 + 1] for n in range(1, 9)]
    found = found_in(book_of(List=rows))
    assert fields(found) == {"A": "reference", "B": "kind", "C": "level"}


def test_leads_are_told_by_their_names_and_their_rank() -> None:
    for name in ("ACC Baker", "ACC Felton"):
        make_lead(name, chief_officer=True)
    for name in ("Head of Crime", "Head of Custody"):
        make_lead(name)
    rows: list[list[Any]] = [["Local ref", "Kind", "Owner", "Does it"]]
    rows += [["ST-1", "AFI", "ACC Baker", "Head of Crime"]]
    rows += [["ST-2", "AFI", "acc felton", "Head of Custody"]]
    rows += [["ST-3", "AFI", "ACC Baker", "head of crime"]]
    found = found_in(book_of(List=rows))
    assert (fields(found)["C"], fields(found)["D"]) == ("executive", "delivery")


def test_the_reference_of_a_cause_is_told_from_the_action_s_own() -> None:
    cause = make_action(reference="COC-1", kind=Kind.CAUSE_OF_CONCERN, level=None)
    other = make_action(reference="COC-2", kind=Kind.CAUSE_OF_CONCERN, level=None)
    for number in range(1, 5):
        make_action(reference=f"R-{number}")
    rows = [["Number", "Belongs to", "Scope", "Kind"]]
    causes = [cause.reference, cause.reference, other.reference, other.reference]
    rows += [[f"R-{n}", causes[n - 1], "Local", "Recommendation"] for n in range(1, 5)]
    found = found_in(book_of(List=rows))
    assert (fields(found)["A"], fields(found)["B"]) == ("reference", "parent")


def test_a_column_that_could_be_two_fields_and_two_columns_for_one_are_left_alone() -> None:
    rows: list[list[Any]] = [["Local ref", "Kind", "Late?", "Public?", "Day", "Other day"]]
    rows += [[f"ST-{n}", "AFI", "Yes", "No", f"{n}.11.24", f"{n}.12.24"] for n in range(1, 6)]
    assert fields(found_in(book_of(List=rows))) == {"A": "reference", "B": "kind"}


def test_two_values_prove_nothing() -> None:
    rows = [["Local ref", "Due", "Sort"], ["ST-1", "1.2.25", "AFI"], ["ST-2", "1.2.25", "AFI"]]
    assert "kind" not in fields(found_in(book_of(List=rows))).values()


def test_a_saved_layout_goes_before_names() -> None:
    headers = [
        "Our number",
        "Kind",
        *[each for each in HEADERS if each not in ("Local ref", "Kind")],
    ]
    by_name: dict[str, Any] = {
        each.replace(" ", "_"): column.field
        for column in START_LIST.columns
        for each in column.headers[:1]
        if each in HEADERS[1:]
    }
    save("Corporate list", Our_number="reference", **by_name)
    found = found_in(book_of(Odd=[["x"], headers, *data(*HEADERS)]))
    assert found.profile is not None
    assert found.profile.name == "Corporate list"
    assert how(found, "reference") == "saved layout “Corporate list”"
    assert (found.header_row, found.sure) == (2, True)


def test_a_saved_layout_fits_only_when_every_header_it_reads_is_there() -> None:
    save("Corporate list", Our_number="reference", Wording="text")
    found = found_in(book_of(StART=[["Our number", "Kind", "Due"], *data("Kind", "Due", "Scope")]))
    assert found.profile is None
    assert fields(found) == {"B": "kind", "C": "due"}


def test_what_a_saved_layout_does_not_read_is_not_guessed() -> None:
    save("Short", Local_ref="reference", Due="due", Kind="")
    found = found_in(
        book_of(StART=[["Local ref", "Due", "Kind"], *data("Local ref", "Due", "Kind")])
    )
    assert fields(found) == {"A": "reference", "B": "due"}


def test_the_layout_that_reads_most_is_taken() -> None:
    save("Small", Number="reference", When="due")
    save("Large", Number="reference", When="due", Sort="kind")
    rows = [["Number", "When", "Sort"], *data("Local ref", "Due", "Kind")]
    found = found_in(book_of(StART=rows))
    assert found.profile is not None
    assert found.profile.name == "Large"


def test_layouts_of_the_other_purpose_are_not_asked() -> None:
    save("Theirs", Purpose.EXPORT, Number="reference", When="due")
    assert guessed(book_of(Sheet=[["Number", "When"], ["1", "2"]])) is None


def test_a_layout_of_the_same_name_is_replaced_renamed_and_deleted() -> None:
    first = save("Corporate  list", Number="reference")
    again = save("corporate list", Number="reference", When="due", sheet="May")
    assert again.pk == first.pk
    assert again.fields == {"number": "reference", "when": "due"}
    renamed = rename_profile(again, name="Monthly", actor=None)  # type: ignore[arg-type]
    assert str(renamed) == "Monthly"
    delete_profile(renamed, actor=None)  # type: ignore[arg-type]
    delete_profile(renamed, actor=None)  # type: ignore[arg-type]
    assert not Profile.objects.exists()
    assert [each.history_type for each in Profile.history.order_by("history_id")] == list("+~~-")


def test_the_columns_of_a_chosen_row_are_told_the_same_way() -> None:
    above: list[Sequence[Any]] = [list(HEADERS), ["the old list", *data(*HEADERS)[0][1:]]]
    rows: list[Sequence[Any]] = [
        *above,
        ["Local ref", "Due", "Kind"],
        *data("Local ref", "Due", "Kind"),
    ]
    with open_workbook(book_of(StART=rows)) as sheets:
        found = columns_of(sheets[0], 3, START_LIST, [])
        assert [column.field for column in found] == ["reference", "due", "kind"]
        with pytest.raises(ValueError, match="Row 40 is empty"):
            columns_of(sheets[0], 40, START_LIST, [])


def test_a_column_without_a_header_is_listed_where_it_says_something() -> None:
    rows: Rows = [["Local ref", None, "Kind"], ["ST-1", "what is this", "AFI"]]
    found = found_in(book_of(StART=rows))
    assert [(each.letter, each.header) for each in found.found] == [
        ("A", "Local ref"),
        ("B", ""),
        ("C", "Kind"),
    ]


def merged_headers() -> io.BytesIO:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Local ref", "Kind", "Due", None, "Action required", "Scope"])
    for number in range(1, 5):
        sheet.append([f"ST-{number}", "AFI", "1 May 2024", "or so", "Do it.", "Local"])
    sheet.merge_cells("C1:D1")
    return saved(book)


def test_a_header_over_two_columns_is_that_of_the_first() -> None:
    found = found_in(merged_headers())
    assert [(each.header, each.field) for each in found.found][2:4] == [("Due", "due"), ("", "")]
    with open_workbook(merged_headers()) as sheets:
        chosen = columns_of(sheets[0], 1, START_LIST, [])
    assert [each.header for each in chosen].count("Due") == 1


def test_a_header_over_several_headers_still_belongs_to_each_of_them() -> None:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Local", None, "Delivery", None, "What"])
    sheet.append(["ref", "note", "lead", "confidence", "Scope"])
    sheet.append(["ST-1", "x", "Head of Crime", "High", "Local"])
    sheet.merge_cells("A1:B1")
    sheet.merge_cells("C1:D1")
    found = fields(found_in(saved(book)))
    assert found == {"A": "reference", "C": "delivery", "D": "confidence", "E": "scope"}


def test_however_many_columns_say_nothing_the_database_is_asked_as_often(
    django_assert_max_num_queries: Any,
) -> None:
    headers = [f"Something {letter}" for letter in "abcdefghijklmnopqrst"]
    rows = [headers, *([f"{header} {n}" for header in headers] for n in range(60))]
    file = book_of(**{f"Sheet {number}": rows for number in range(6)})
    with django_assert_max_num_queries(6):
        assert guessed(file) is None


def test_samples_are_different_short_and_three_at_most() -> None:
    rows = [["Local ref", "Kind", "Action"]]
    rows += [[f"ST-{n}", "AFI", "word " * 40] for n in range(1, 9)]
    found = found_in(book_of(StART=rows)).found
    assert found[0].samples == ("ST-1", "ST-2", "ST-3")
    assert found[1].samples == ("AFI",)
    assert len(found[2].samples[0]) <= 60
    assert found[2].samples[0].endswith("…")


def test_the_outline_holds_the_first_rows_of_each_sheet() -> None:
    rows: list[list[Any]] = [[None], ["x" * 50, *range(20)], *[[n] for n in range(40)]]
    with open_workbook(book_of(One=rows, Two=[])) as sheets:
        one, two = outline_of(sheets)
    assert (one["title"], one["hidden"], two["rows"]) == ("One", False, [])
    assert len(one["rows"]) == 30
    number, cells = one["rows"][0]
    assert number == 2
    assert (len(cells), len(cells[0]), cells[1]) == (12, 40, "0")


def test_a_cell_is_shown_as_people_read_it() -> None:
    assert cell_words(dt.datetime(2024, 11, 20), 40) == "20 November 2024"
    assert cell_words(dt.datetime(2024, 11, 20, 9, 5), 40) == "20 November 2024, 09:05"
    assert cell_words(dt.time(9, 5), 40) == "09:05"
    assert cell_words(ErrorValue("#REF!"), 40) == "#REF!"
    assert cell_words(UnsavedFormula(), 40) == "(formula)"
    assert cell_words(2.0, 40) == "2"
    assert cell_words(None, 40) == ""
    assert cell_words("a\nb\xa0 c", 40) == "a b c"
