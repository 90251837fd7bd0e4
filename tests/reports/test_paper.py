"""The paper of 10 December 2024, read back from its PDF and held against its figures."""

import re
from typing import Any

import pytest

from core.dates import short_date
from tests.factories import day
from tests.reports.conftest import Printed
from tests.reports.demo import read

pytestmark = pytest.mark.django_db
EXPECTED: dict[str, Any] = read("expected.json")
# Our rows carry the same words in lower case, and "live" without quotation marks.
ROWS = [
    (row["row"].lower().replace("‘live’", "live"), row["local"], row["national"], row["total"])
    for row in EXPECTED["table"]
]


@pytest.mark.parametrize(("name", "local", "national", "total"), ROWS)
def test_each_row_of_the_table_reads_as_in_the_paper(
    printed: Printed, name: str, local: int, national: int, total: int
) -> None:
    assert f"{name} {local} {national} {total} " in printed.words.lower()


def test_the_rows_of_the_table_stand_in_the_papers_order(printed: Printed) -> None:
    words = printed.words.lower()
    places = [
        words.index(f"{name} {local} {national} {total} ") for name, local, national, total in ROWS
    ]
    assert places == sorted(places)


def test_the_movement_chart_prints_its_numbers_as_text(printed: Printed) -> None:
    move, stages = EXPECTED["movement"], EXPECTED["stages"]
    page = next(text for text in printed.pages if "Figure 1" in text)
    for words in (
        f"{move['opening']}",
        f"+{move['new']}",
        f"−{move['closed']} (of which {move['closed_not_on_portal']} not on the portal)",
        f"{move['closing']}",
        f"{stages['In progress']} (of which {EXPECTED['not_on_portal']['live']} not on the portal)",
        f"{stages['Local closure']}",
        f"{stages['With HMICFRS']}",
    ):
        assert re.search(rf"(^|\s){re.escape(words)}($|\s)", page), words


def test_the_comparison_with_the_last_update_is_said(printed: Printed) -> None:
    assert (
        "Since the last update the number of live actions has fallen by 10, from 133 at 31 October "
        "2023 to 123 at 20 November 2024. In that time 47 new actions were received and 57 were "
        "closed. Of the 123 live actions, 15 are specific to Cleveland Police."
    ) in printed.words


def test_the_stages_are_said(printed: Printed) -> None:
    assert (
        "109 of the live actions are in progress, nine are going through local closure and five "
        "are with HMICFRS for closure. Of these, 33 are not on the portal. Of the 57 closed, 18 "
        "were not on the portal."
    ) in printed.words


@pytest.mark.parametrize("point", EXPECTED["live_at"], ids=lambda point: point["date"])
def test_each_date_of_the_trend_is_in_the_appendix(printed: Printed, point: dict[str, Any]) -> None:
    figures = (
        short_date(day(point["date"])),
        point["local"],
        point["national_excluding_super_complaints"],
        point["super_complaint"],
        point["total"],
    )
    assert " ".join(str(figure) for figure in figures) in printed.words


WORDS = {1: "one", 4: "four", 5: "five", 7: "seven", 9: "nine"}


def issued(entry: dict[str, Any]) -> list[str]:
    """What the paper says a publication brought, from the expected counts."""
    found = []
    for key, noun in (
        ("recommendations_level_2", "level 2 recommendation"),
        ("recommendations_level_3", "level 3 recommendation"),
        ("afi_level_2", "level 2 AFI"),
        ("super_complaint_recommendations", "recommendation"),
    ):
        if count := entry[key]:
            found.append(f"{WORDS.get(count, count)} {noun}{'s' if count > 1 else ''}")
    return found


@pytest.mark.parametrize("entry", EXPECTED["section_6"], ids=lambda entry: entry["key"])
def test_each_publication_of_section_six_reads_as_in_the_paper(
    printed: Printed, entry: dict[str, Any]
) -> None:
    start = printed.words.index(f"{entry['number']} {entry['title']} ({entry['month']})")
    following = re.search(r" (6\.\d|7\.) [A-Z2]", printed.words[start + 4 :])
    assert following
    paragraph = printed.words[start : start + 4 + following.start()]
    assert f"with {' and '.join(issued(entry))} " in paragraph
    lead, area = entry["executive_lead"], entry["paf_question"]
    assert f"Locally aligned to PAF {area} with {lead} as executive lead." in paragraph
    if "complaint" in entry["described_in_seed_as"]:
        assert "A super-complaint response from HMICFRS" in paragraph
    else:
        assert entry["described_in_seed_as"] in paragraph
    assert ("ongoing" in paragraph) is (entry["live_at_position"] > 0)


def test_dated_facts_reach_to_the_meeting_and_counts_to_the_position_date(
    printed: Printed,
) -> None:
    assert "published on 7 March 2024 and all actions were completed by June 2024." in printed.words
    assert "The force’s response was published on 22 November 2024." in printed.words


def test_the_local_note_of_a_publication_is_given(printed: Printed) -> None:
    assert "is ongoing as part of the force’s Operation Soteria project." in printed.words


def test_the_whole_framework_is_in_appendix_b(printed: Printed) -> None:
    framework = printed.figures.framework
    assert framework is not None
    topics = [topic for question in framework.questions for topic in question.topics]
    counts = (len(framework.questions), len(topics), sum(len(t.characteristics) for t in topics))
    assert counts == (11, 35, 93)
    words = printed.words
    assert all(question.text in words for question in framework.questions)
    assert topics[-1].characteristics[-1] in words


def test_the_leads_of_the_question_areas_are_listed(printed: Printed) -> None:
    assert "6. How good is the force at protecting vulnerable people? ACC Baker" in printed.words
    assert "ACC Baker Head of Safeguarding" in printed.words


def test_every_page_is_marked_top_and_bottom_and_numbered(printed: Printed) -> None:
    total = len(printed.pages)
    for number, text in enumerate(printed.pages, start=1):
        assert text.count("NOT PROTECTIVELY MARKED") == 2
        assert f"Page {number} of {total}" in text


def test_the_front_says_for_whom_when_by_whom_and_what_for(printed: Printed) -> None:
    front = " ".join(printed.pages[0].split())
    for words in (
        "Report of the Chief Constable to the Chair and Members of the Audit Committee",
        "10 December 2024",
        "Presenting officer: Louise Solomon, Head of Corporate Services",
        "Status: For information",
        "Update report on areas for improvement identified by His Majesty’s Inspectorate",
    ):
        assert words in front


def test_sections_and_appendices_are_bookmarks(printed: Printed) -> None:
    titles = [each.title for each in printed.reader.outline[0:2] if not isinstance(each, list)]
    assert str(titles[0]).startswith("Update report on areas for improvement")
    sections = [each.title for each in printed.reader.outline[1] if not isinstance(each, list)]
    assert sections[2] == "3. Current position"
    assert sections[-1] == "Appendix D: Numbers behind the charts"
    assert len(sections) == 13


def test_a_caption_stands_on_the_page_of_its_picture(printed: Printed) -> None:
    (movement,) = [text for text in printed.pages if "Figure 1" in text]
    (trend,) = [text for text in printed.pages if "Figure 2" in text]
    assert "Going through local closure" in movement
    assert "Super-complaint 28" in trend


def test_no_paragraph_number_is_left_alone_at_the_end_of_a_page(printed: Printed) -> None:
    for text in printed.pages:
        said = [line.strip() for line in text.splitlines() if line.strip()]
        assert not any(re.fullmatch(r"\d+\.\d+", line) for line in said)


def test_charts_are_drawn_not_painted(printed: Printed) -> None:
    pictures = [name for page in printed.reader.pages for name in page.images.keys()]  # noqa: SIM118 - no plain dictionary
    assert pictures == []


def test_both_charts_have_alternative_text(printed: Printed) -> None:
    def figures(element: Any) -> list[str]:
        found = []
        node = element.get_object()
        if isinstance(node, dict):
            if node.get("/S") == "/Figure":
                found.append(str(node.get("/Alt", "")))
            children = node.get("/K", [])
            for child in children if isinstance(children, list) else [children]:
                if hasattr(child, "get_object") and isinstance(child.get_object(), dict):
                    found += figures(child)
        return found

    alts = figures(printed.reader.trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    assert len(alts) == 2
    assert alts[0].startswith("Bridge chart: 133 live actions")
    assert alts[1].startswith("Stacked bars of live actions at 14 dates")


def test_a_public_paper_leads_nowhere(printed: Printed) -> None:
    assert not any("/Annots" in page for page in printed.reader.pages)


def test_every_figure_on_screen_leads_to_exactly_its_actions(printed: Printed) -> None:
    wrong = {address: pair for address, pair in printed.linked.items() if pair[0] != pair[1]}
    assert wrong == {}
    # The table, the movement, the stages with what is not on the portal, and the trend.
    assert len(printed.linked) > 60


def test_every_publication_on_screen_leads_to_exactly_its_new_actions(printed: Printed) -> None:
    assert printed.linked_publications == [entry["issued"] for entry in EXPECTED["section_6"]]


def test_a_question_area_begins_on_the_page_of_its_first_topic(printed: Printed) -> None:
    framework = printed.figures.framework
    assert framework is not None
    for question in framework.questions:
        caption = f"Question area {question.number}: topic areas"
        (page,) = [" ".join(text.split()) for text in printed.pages if caption in text]
        start = page.index(f"{question.number}. {question.text}")
        assert page.index(question.topics[0].characteristics[0]) > page.index(caption) > start
