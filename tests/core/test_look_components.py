"""The components: what they say to people who see them and to people who hear them."""

import datetime as dt
from types import SimpleNamespace
from typing import Any, ClassVar

import django_tables2 as tables
import pytest
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory

from core.templatetags.look import page_numbers


def shown(name: str, request: HttpRequest | None = None, **arguments: Any) -> str:
    html = render_to_string(f"components/{name}.html", arguments, request=request)
    return " ".join(html.split())


class Actions(tables.Table):
    caption = "Actions as at 20 November 2024"
    row_header = "ref"

    level = tables.Column(attrs={"cell": {"class": "app-table__number"}})
    ref = tables.Column(verbose_name="Reference")
    text = tables.Column(orderable=False, localize=False)
    count = tables.Column(localize=True, footer="2 in all", orderable=False)

    class Meta:
        empty_text = "No action matches: take a filter away."


ROWS: list[dict[str, Any]] = [
    {"ref": "ST-1", "level": 2, "text": "<b>Do</b>", "count": 1},
    {"ref": "ST-2", "level": 3, "text": "Do more", "count": 2},
]


def table_html(
    address: str = "/actions/", rows: list[dict[str, Any]] = ROWS, per_page: int = 25
) -> str:
    request = RequestFactory().get(address)
    table = Actions(rows, order_by=request.GET.get("sort", ""))
    table.paginate(page=1, per_page=per_page)
    return " ".join(table.as_html(request).split())


# Table


def test_a_table_has_a_caption_and_a_region_that_can_be_scrolled_by_keyboard() -> None:
    html = table_html()
    assert ">Actions as at 20 November 2024</caption>" in html
    assert 'role="region" aria-label="Actions as at 20 November 2024" tabindex="0"' in html


def test_heads_of_columns_and_rows_have_their_scope() -> None:
    html = table_html()
    assert html.count('scope="col"') == 4
    assert '<th scope="row" data-label="Reference" >ST-1</th>' in html


def test_without_a_named_row_header_the_first_cell_names_the_row() -> None:
    class Plain(tables.Table):
        caption = "Plain"
        ref = tables.Column()
        level = tables.Column()

    html = " ".join(Plain(ROWS).as_html(RequestFactory().get("/")).split())
    assert html.count('<th scope="row"') == 2
    assert '<th scope="row" data-label="Ref" >ST-1</th>' in html


@pytest.mark.parametrize(
    ("sort", "said"),
    [("ref", 'aria-sort="ascending"'), ("-ref", 'aria-sort="descending"')],
)
def test_the_sorted_column_says_so(sort: str, said: str) -> None:
    html = table_html(f"/actions/?sort={sort}")
    assert html.count("aria-sort") == 1
    assert said in html


def test_an_unsorted_table_claims_no_order() -> None:
    assert "aria-sort" not in table_html()


def test_sort_links_keep_the_filters_and_return_to_the_first_page() -> None:
    html = table_html("/actions/?kind=afi&kind=recommendation&page=3")
    assert 'href="?kind=afi&amp;kind=recommendation&amp;page=1&amp;sort=ref"' in html


def test_a_column_that_cannot_be_sorted_has_no_link() -> None:
    assert ">text</a>" not in table_html().lower()


def test_cells_are_escaped() -> None:
    html = table_html()
    assert "&lt;b&gt;Do&lt;/b&gt;" in html


def test_numbers_keep_their_class_for_alignment() -> None:
    assert 'class="app-table__number"' in table_html()


def test_footers_are_shown() -> None:
    assert "<tfoot>" in table_html()
    assert "2 in all" in table_html()


def test_an_empty_table_says_what_to_do() -> None:
    html = table_html(rows=[])
    assert (
        '<td class="app-table__empty" colspan="4">No action matches: take a filter away.</td>'
        in html
    )


def test_a_table_of_one_page_has_no_page_links() -> None:
    assert "govuk-pagination" not in table_html()


def test_page_links_keep_the_filters() -> None:
    html = table_html("/actions/?kind=afi", per_page=1)
    assert 'href="?kind=afi&amp;page=2"' in html
    assert 'aria-label="Page 1" aria-current="page"' in html


# Pages


def test_far_pages_are_left_out_of_the_page_links() -> None:
    assert list(page_numbers(Paginator(range(400), 10).page(5))) == [1, None, 4, 5, 6, None, 40]


@pytest.mark.parametrize(
    ("number", "previous", "next_"), [(1, False, True), (2, True, True), (3, True, False)]
)
def test_the_first_page_has_no_previous_and_the_last_no_next(
    number: int, previous: bool, next_: bool
) -> None:
    page = Paginator(range(30), 10).page(number)
    html = shown("pagination", RequestFactory().get("/"), page=page)
    assert ('rel="prev"' in html) is previous
    assert ('rel="next"' in html) is next_


def test_pages_may_have_a_parameter_of_their_own() -> None:
    page = Paginator(range(30), 10).page(1)
    html = shown("pagination", RequestFactory().get("/?page=4"), page=page, parameter="p")
    assert 'href="?page=4&amp;p=2"' in html


# Words beside colours and symbols


def test_confidence_is_said_in_a_word_and_its_symbol_is_for_the_eye() -> None:
    html = shown("confidence", confidence=SimpleNamespace(name="High", symbol="▲"))
    assert 'aria-hidden="true">▲</span>High</span>' in html


def test_confidence_nobody_has_given_is_said() -> None:
    assert "Not given" in shown("confidence", confidence=None)


@pytest.mark.parametrize(
    ("stage", "words"),
    [
        ("in_progress", "In progress"),
        ("awaiting_allocation", "Awaiting allocation"),
        ("closure_proposed", "Closure proposed"),
        ("local_closure", "Going through local closure"),
        ("with_hmicfrs", "With HMICFRS"),
        ("closed", "Closed"),
        ("", "Not known"),
    ],
)
def test_a_stage_is_said_in_words(stage: str, words: str) -> None:
    assert f">{words}<" in shown("stage", stage=stage)


def test_a_sensitive_marking_stands_out() -> None:
    assert "app-marking--sensitive" in shown("marking", marking="OFFICIAL-SENSITIVE")
    assert "app-marking--sensitive" not in shown("marking", marking="OFFICIAL")
    assert "Marking: </span>OFFICIAL</span>" in shown("marking", marking="OFFICIAL")


@pytest.mark.parametrize(
    ("level", "role", "word"),
    [
        ("success", "status", "Done: "),
        ("info", "status", "Information: "),
        ("warning", "alert", "Warning: "),
        ("error", "alert", "Problem: "),
    ],
)
def test_a_message_says_of_what_kind_it_is(level: str, role: str, word: str) -> None:
    html = shown("message", level=level, text="The report is issued.")
    assert f'role="{role}"' in html
    assert f"{word}</span>The report is issued." in html


def test_a_step_says_whether_it_is_done() -> None:
    html = shown(
        "status_track",
        steps=[
            {"title": "Received", "state": "done", "who": "HMICFRS", "when": "12 August 2021"},
            {"title": "In progress", "state": "current"},
            {"title": "Closed", "state": "to-come"},
        ],
    )
    assert html.startswith('<ol class="app-track"')
    assert "Received<span" in html and ": done</span>" in html
    assert "12 August 2021" in html
    assert html.count('aria-current="step"') == 1
    assert ": still to come</span>" in html


# Ways about


def test_the_current_tab_is_marked_and_a_count_of_nought_is_shown() -> None:
    html = shown(
        "tabs",
        label="Views",
        tabs=[
            {"text": "Live", "href": "/a", "count": 0, "current": True},
            {"text": "Closed", "href": "/b", "count": None},
        ],
    )
    assert '<a class="app-tabs__link" href="/a" aria-current="page">Live' in html
    assert '<span class="app-tabs__count">0</span>' in html
    assert html.count("app-tabs__count") == 1


def test_a_chip_says_that_it_takes_the_filter_away() -> None:
    html = shown("chips", chips=[{"text": "Level 2", "href": "?"}], clear="/actions/")
    assert "Remove the filter </span>Level 2" in html
    assert 'href="/actions/"' in html


def test_without_filters_there_are_no_chips() -> None:
    assert shown("chips", chips=[], clear="/actions/") == ""


def test_facts_not_recorded_say_so_and_links_name_what_they_change() -> None:
    html = shown(
        "summary_list",
        rows=[
            {"key": "Due", "value": "31 December 2024", "href": "/due", "note": "changed once"},
            {"key": "Expected closure", "value": None},
            {"key": "Publication", "value": "Custody", "as_link": "/p"},
        ],
    )
    assert 'Change<span class="govuk-visually-hidden"> Due</span>' in html
    assert "Not recorded" in html
    assert '<a class="govuk-link" href="/p">Custody</a>' in html


def test_a_timeline_gives_machine_readable_times() -> None:
    html = shown(
        "timeline",
        entries=[
            {
                "heading": "Update",
                "when": "4 November 2024",
                "at": dt.datetime(2024, 11, 4, 15, 15),
                "by": "Helen Marsh",
                "text": "One.\n\nTwo.",
                "tag": {"text": "High", "colour": "green"},
                "href": "/update",
            }
        ],
        level=4,
    )
    assert '<time datetime="2024-11-04T15:15:00">4 November 2024</time>' in html
    assert (
        '<h4 class="moj-timeline__title"><a class="govuk-link" href="/update">Update</a></h4>'
        in html
    )
    assert "<p>One.</p> <p>Two.</p>" in html
    assert "govuk-tag--green" in html


class Part:
    """A component, arguments for it, and what must come of them."""

    cases: ClassVar[list[tuple[str, dict[str, Any], tuple[str, ...]]]] = [
        ("back_link", {"href": "/a"}, ('href="/a">Back</a>',)),
        (
            "button_group",
            {
                "buttons": [
                    {"text": "Go", "href": "/a"},
                    {"text": "Or", "href": "/b", "style": "secondary"},
                    {"text": "No", "href": "/c", "style": "link"},
                ]
            },
            ('class="govuk-button"', "govuk-button--secondary", '<a class="govuk-link" href="/c">'),
        ),
        (
            "empty_state",
            {"heading": "None", "text": "Add one.", "href": "/add", "link": "Add", "level": 3},
            ("<h3", 'href="/add">Add</a>'),
        ),
        (
            "figures",
            {"figures": [{"number": 5, "label": "overdue", "href": "/x", "note": "two more"}]},
            (">5</span>", 'href="/x">overdue</a>', "two more"),
        ),
        ("figures", {"figures": [{"number": 5, "label": "overdue"}]}, ("overdue</span>",)),
        (
            "page_header",
            {
                "heading": "Actions",
                "caption": "PAF 6",
                "lead": "All of them.",
                "buttons": [{"text": "Go"}],
            },
            (">Actions</h1>", "PAF 6", "All of them.", "govuk-button"),
        ),
        (
            "progress",
            {"label": "Reading", "value": 1000, "maximum": 2000},
            ('value="1000" max="2000"',),
        ),
        ("tag", {"text": "Overdue", "colour": "red"}, ("govuk-tag--red", "Overdue")),
        ("warning", {"text": "It cannot be undone."}, ("Warning</span>It cannot be undone.",)),
    ]


@pytest.mark.parametrize(("name", "arguments", "expected"), Part.cases)
def test_a_component_shows_what_it_is_given(
    name: str, arguments: dict[str, Any], expected: tuple[str, ...]
) -> None:
    html = shown(name, **arguments)
    for part in expected:
        assert part in html


def test_a_progress_bar_without_a_value_claims_none() -> None:
    assert "value=" not in shown("progress", label="Reading")
