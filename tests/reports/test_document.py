"""A report laid out: numbers of sections and paragraphs, tables with links, figures with words."""

import pytest
from django.http import QueryDict
from django.urls import reverse

from reports import blocks
from reports.choices import SectionKey
from reports.document import Paper, Section, compose
from reports.figures import FrameworkFacts, QuestionFacts, TopicFacts
from reports.models import CommitteeReport, ReportSection
from tests.reports.conftest import AS_AT, make_facts, make_movement, make_row, make_snapshot
from tracker.choices import Kind, Register
from tracker.position import Row, Stages, Table, TrendPoint

FRAMEWORK = FrameworkFacts(
    name="PEEL Assessment Framework",
    version="2023-25",
    licence="Open Government Licence",
    questions=(
        QuestionFacts(1, "How good?", "DCC", "", (TopicFacts(1, "Calls", ("It answers.",)),)),
    ),
)


def lay_out(*sections: ReportSection, links: bool = False, **values: object) -> Paper:
    return compose(
        CommitteeReport(committee="Audit Committee"),
        sections,
        make_snapshot(**values),
        links_wanted=links,
    )


def section(key: str, body: str = "", **fields: object) -> ReportSection:
    return ReportSection(key=key, title=SectionKey(key).label, body=body, **fields)


def only(paper: Paper) -> Section:
    (found,) = paper.sections
    return found


def numbers(found: Section) -> list[str]:
    """The numbers of the paragraphs, as they are printed."""
    return [
        str(block.html).partition('paper-number">')[2].partition("<")[0]
        for block in found.blocks
        if isinstance(block, blocks.Numbered)
    ]


def tables(paper: Paper) -> list[blocks.Table]:
    return [
        block for part in paper.sections for block in part.blocks if isinstance(block, blocks.Table)
    ]


def test_sections_are_numbered_in_order() -> None:
    paper = lay_out(section("purpose"), section("background"), section("conclusion"))
    assert [part.heading for part in paper.sections] == [
        "1. Purpose",
        "2. Background",
        "3. Conclusion",
    ]


def test_a_section_left_out_takes_no_number() -> None:
    paper = lay_out(section("purpose", included=False), section("background"))
    assert [part.heading for part in paper.sections] == ["1. Background"]


def test_appendices_follow_with_letters_wherever_they_stand() -> None:
    paper = lay_out(section("process"), section("purpose"), section("terms-of-reference"))
    assert [part.label for part in paper.sections] == ["1", "Appendix A", "Appendix B"]
    assert paper.sections[1].heading == "Appendix A: From notice to closure"


def test_paragraphs_are_numbered_within_their_section() -> None:
    paper = lay_out(section("purpose", "One.\n\nTwo:\n\n- a\n- b\n\nThree."))
    assert numbers(only(paper)) == ["1.1", "1.2", "1.3"]


def test_the_number_stands_inside_its_paragraph() -> None:
    (block,) = only(lay_out(section("purpose", "One."))).blocks
    assert isinstance(block, blocks.Numbered)
    assert block.html == '<p><span class="paper-number">1.1</span> One.</p>\n'


def test_a_list_without_a_paragraph_gets_a_line_for_its_number() -> None:
    (block,) = only(lay_out(section("purpose", "- a"))).blocks
    assert isinstance(block, blocks.Numbered)
    assert block.html.startswith('<p><span class="paper-number">1.1</span> </p><ul>')


def test_paragraphs_of_appendices_have_no_number() -> None:
    (block,) = only(lay_out(section("process", "One.\n\nTwo."))).blocks
    assert isinstance(block, blocks.Text)
    assert block.html == "<p>One.</p>\n<p>Two.</p>\n"


def test_html_that_people_write_stays_text() -> None:
    (block,) = only(lay_out(section("purpose", "<script>x</script>"))).blocks
    assert isinstance(block, blocks.Numbered)
    assert "&lt;script&gt;" in block.html


def test_the_position_has_text_table_and_charts_in_the_papers_order() -> None:
    found = only(lay_out(section("position", "Levels.", after="The Board supervises.")))
    assert [type(block) for block in found.blocks] == [
        blocks.Numbered,
        blocks.Numbered,
        blocks.Table,
        blocks.Numbered,
        blocks.Figure,
        blocks.Numbered,
        blocks.Numbered,
        blocks.Figure,
        blocks.Numbered,
    ]
    assert numbers(found) == ["1.1", "1.2", "1.3", "1.4", "1.5", "1.6"]


def test_the_table_ends_with_its_total() -> None:
    (table,) = tables(lay_out(section("position")))
    last = table.rows[-1]
    assert (last.heading, last.total) == ("Total live activity", True)
    assert [cell.text for cell in last.cells] == ["3", "4", "7"]


def test_tables_and_figures_are_counted_through_the_paper() -> None:
    paper = lay_out(
        section("position"), section("governance"), section("numbers"), framework=FRAMEWORK
    )
    assert [table.caption.partition(".")[0] for table in tables(paper)] == [
        f"Table {n}" for n in range(1, 6)
    ]
    figures = [b for b in paper.sections[0].blocks if isinstance(b, blocks.Figure)]
    assert [figure.caption.partition(".")[0] for figure in figures] == ["Figure 1", "Figure 2"]


def test_figures_carry_their_words() -> None:
    figures = [
        block
        for block in only(lay_out(section("position"))).blocks
        if isinstance(block, blocks.Figure)
    ]
    assert figures[0].alt.startswith("Bridge chart: 10 live actions")
    assert figures[1].alt.startswith("Stacked bars of live actions")


def test_a_public_paper_has_no_links() -> None:
    paper = lay_out(section("position"), section("publications"), section("numbers"))
    cells = [cell for table in tables(paper) for row in table.rows for cell in row.cells]
    assert cells
    assert not any(cell.href for cell in cells)
    entries = [b for b in paper.sections[1].blocks if isinstance(b, blocks.Entry)]
    assert [entry.href for entry in entries] == [""]


def queries(paper: Paper) -> dict[str, dict[str, str]]:
    """What each linked figure asks the list for, by row heading and place in the row."""
    found = {}
    for table in tables(paper):
        for row in table.rows:
            for n, cell in enumerate(row.cells):
                if cell.href:
                    path, _, query = cell.href.partition("?")
                    assert path == reverse("tracker:actions")
                    found[f"{row.heading}/{n}"] = QueryDict(query).dict()
    return found


def test_figures_of_the_table_lead_to_their_actions_on_that_day() -> None:
    paper = lay_out(
        section("position"),
        links=True,
        table=Table(
            AS_AT,
            (
                make_row("Recommendation level 2", Kind.RECOMMENDATION, 2, 1, 3),
                make_row("AFI, level not given yet", Kind.AFI, None, 0, 1),
                Row("Super", Kind.RECOMMENDATION, None, Register.SUPER_COMPLAINT, 0, 2),
            ),
        ),
    )
    asked = queries(paper)
    day = AS_AT.isoformat()
    level_2 = {"as_at": day, "kind": "recommendation", "level": "2", "register": "hmicfrs"}
    assert asked["Recommendation level 2/0"] == {**level_2, "scope": "local"}
    assert asked["Recommendation level 2/1"] == {**level_2, "scope": "national"}
    assert asked["Recommendation level 2/2"] == level_2
    assert asked["AFI, level not given yet/2"]["level"] == "none"
    assert asked["Super/2"] == {"as_at": day, "register": "super_complaint"}
    assert asked["Total live activity/2"] == {"as_at": day}
    assert "Recommendation level 1/0" not in asked


def test_figures_of_the_movement_lead_to_their_actions() -> None:
    paper = lay_out(
        section("numbers"),
        links=True,
        movement=make_movement(reopened=1, closed=6, closed_not_on_portal=2),
        stages=Stages(AS_AT, 4, 2, 1, 1, 0, 0),
    )
    asked = queries(paper)
    window = {"as_at": "2024-11-20", "since": "2023-10-31"}
    assert asked["Live at 31 October 2023/0"] == {**window, "change": "opening"}
    assert asked["New/0"] == {**window, "change": "new"}
    assert asked["Re-opened/0"] == {**window, "change": "reopened"}
    assert asked["Closed/0"] == {**window, "change": "closed"}
    assert asked["Closed, of which not on the portal/0"] == {
        **window,
        "change": "closed",
        "portal": "no",
    }
    assert asked["Live at 20 November 2024/0"] == {**window, "change": "closing"}
    assert asked["In progress/1"] == {
        "as_at": "2024-11-20",
        "stage": "in_progress",
        "portal": "no",
    }


def test_there_is_no_table_of_stages_that_are_not_known() -> None:
    unsure = lay_out(section("numbers"), stages=Stages(AS_AT, 7, 0, 0, 0, 0, 0, assumed=4))
    captions = [table.caption for table in tables(unsure)]
    assert len(captions) == 2
    assert not any("by stage" in caption for caption in captions)


def test_figures_of_the_trend_lead_to_their_actions_on_each_day() -> None:
    paper = lay_out(section("numbers"), links=True, trend=(TrendPoint(AS_AT, 1, 2, 3),))
    asked = queries(paper)
    assert asked["20.11.24/1"] == {
        "as_at": "2024-11-20",
        "register": "hmicfrs",
        "scope": "national",
    }
    assert asked["20.11.24/2"] == {"as_at": "2024-11-20", "register": "super_complaint"}


def test_governance_lists_the_leads_and_says_who_is_missing() -> None:
    (table,) = tables(lay_out(section("governance"), framework=FRAMEWORK))
    assert [cell.text for cell in table.rows[0].cells] == ["DCC", "Not named yet"]


def test_governance_without_a_framework_has_no_table() -> None:
    assert only(lay_out(section("governance"))).blocks == []


def test_section_six_has_an_entry_for_each_publication() -> None:
    facts = (make_facts(title="First"), make_facts(title="Second", published_month="May 2024"))
    entries = only(lay_out(section("publications"), publications=facts)).blocks
    assert [
        (entry.number, entry.title) for entry in entries if isinstance(entry, blocks.Entry)
    ] == [
        ("1.1", "First (December 2023)"),
        ("1.2", "Second (May 2024)"),
    ]


def test_section_six_leads_to_the_new_actions_of_a_publication_on_screen() -> None:
    (entry,) = only(lay_out(section("publications"), links=True)).blocks
    assert isinstance(entry, blocks.Entry)
    assert entry.href.endswith(
        "?as_at=2024-11-20&since=2023-10-31&change=new&publication=inspection"
    )


def test_section_six_without_new_actions_says_so() -> None:
    (block,) = only(lay_out(section("publications"), publications=())).blocks
    assert isinstance(block, blocks.Numbered)
    assert "No new actions were received between 31 October 2023 and 20 November" in block.html


def test_the_framework_is_given_question_by_question() -> None:
    found = only(lay_out(section("framework"), framework=FRAMEWORK)).blocks
    assert [type(block) for block in found] == [blocks.Text, blocks.Question]
    assert "with the leads at 20 November 2024" in found[0].html  # type: ignore[union-attr]


def test_an_installation_without_a_framework_says_so() -> None:
    (block,) = only(lay_out(section("framework"))).blocks
    assert isinstance(block, blocks.Text)
    assert "No framework has been loaded yet." in block.html


@pytest.mark.parametrize("licence", ["", "Open Government Licence."])
def test_a_licence_is_given_only_where_there_is_one(licence: str) -> None:
    framework = FrameworkFacts("PAF", "2023-25", licence, ())
    (block,) = only(lay_out(section("framework"), framework=framework)).blocks
    assert isinstance(block, blocks.Text)
    assert block.html.endswith(f"characteristics of good.{' ' if licence else ''}{licence}</p>")


def test_leads_are_left_out_of_a_paper_where_nobody_is_named() -> None:
    unnamed = QuestionFacts(1, "How good?", "", "", ())
    framework = FrameworkFacts("PAF", "2023-25", "", (unnamed,))
    assert tables(lay_out(section("governance"), framework=framework)) == []
    found = only(lay_out(section("framework"), framework=framework)).blocks
    assert "with the leads" not in found[0].html  # type: ignore[union-attr]
