"""A snapshot made by hand, with the paper's own figures, for tests that need no database."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

import pytest
from pypdf import PdfReader

from core.pdf import render_pdf
from reports import views
from reports.document import compose
from reports.figures import PublicationFacts, Snapshot, snapshot
from reports.models import CommitteeReport
from reports.writing import open_report
from tests.factories import day, make_user
from tests.reports.demo import actions_at, linked_figures, linked_publications, load_demo
from tests.rolled_back import rolled_back
from tracker.choices import Kind, Register
from tracker.position import Movement, ReceivedGroup, Row, Stages, Table, TrendPoint

SINCE, AS_AT = dt.date(2023, 10, 31), dt.date(2024, 11, 20)


def make_row(label: str, kind: str, level: int | None, local: int, national: int) -> Row:
    return Row(label, kind, level, Register.HMICFRS, local, national)


def make_facts(*groups: ReceivedGroup, **values: Any) -> PublicationFacts:
    """Facts of a national thematic inspection that brought these groups of actions."""
    given: dict[str, Any] = {
        "slug": "inspection",
        "title": "An inspection of something",
        "published_month": "December 2023",
        "described_as": "National thematic inspection",
        "super_complaint_response": False,
        "is_local": False,
        "question": 6,
        "executive_lead": "ACC Baker",
        "response_published_on": None,
        "local_note": "",
        "before_window": False,
        **values,
    }
    return PublicationFacts(received=groups or (make_group(),), **given)


def make_group(count: int = 1, **values: Any) -> ReceivedGroup:
    """Level 2 recommendations, all live unless told."""
    given: dict[str, Any] = {
        "publication_id": 1,
        "kind": Kind.RECOMMENDATION,
        "level": 2,
        "register": Register.HMICFRS,
        "count": count,
        "live": count,
        **values,
    }
    return ReceivedGroup(**given)


def make_snapshot(**values: Any) -> Snapshot:
    """10 live, 2 new, 5 closed, 7 live; everything adds up."""
    given: dict[str, Any] = {
        "since": SINCE,
        "as_at": AS_AT,
        "table": Table(
            AS_AT,
            (
                make_row("Cause of concern", Kind.CAUSE_OF_CONCERN, None, 1, 0),
                make_row("Recommendation level 2", Kind.RECOMMENDATION, 2, 2, 4),
            ),
        ),
        "stages": Stages(AS_AT, 4, 2, 1, 1, 0, 0),
        "movement": make_movement(),
        "trend": (
            TrendPoint(SINCE, 5, 5, 0),
            TrendPoint(day("2023-11-30"), 4, 5, 0),
            TrendPoint(AS_AT, 3, 4, 0),
        ),
        "publications": (make_facts(make_group(2)),),
        "framework": None,
        **values,
    }
    return Snapshot(**given)


def make_movement(**values: Any) -> Movement:
    given: dict[str, Any] = {
        "since": SINCE,
        "as_at": AS_AT,
        "opening": 10,
        "new": 2,
        "reopened": 0,
        "closed": 5,
        "closing": 7,
        "closed_not_on_portal": 0,
        "closed_and_reopened": 0,
        **values,
    }
    return Movement(**given)


def make_report(**values: Any) -> CommitteeReport:
    """A draft with standing text, for the window of the paper."""
    given: dict[str, Any] = {
        "actor": None,
        "committee": "Audit Committee",
        "title": "Update on inspection findings",
        "meeting_on": day("2024-12-10"),
        "presenting_officer": "Head of Corporate Services",
        "status_line": "For information",
        "marking": "OFFICIAL",
        "as_at": AS_AT,
        "previous_as_at": SINCE,
        **values,
    }
    return open_report(**given)


@dataclass(frozen=True)
class Printed:
    """The demonstration's paper: its figures, the file, and what it says page by page.

    Args:
        linked: address of a list -> the figure on screen that leads there, and how many actions
            the list holds.
        linked_publications: how many actions each paragraph of section 6 leads to.
    """

    figures: Snapshot
    linked: dict[str, tuple[int, int]]
    linked_publications: list[int]
    pdf: bytes
    reader: PdfReader
    pages: list[str]

    @property
    def text(self) -> str:
        return "\n".join(self.pages)

    @property
    def words(self) -> str:
        """The text with every run of spaces and line breaks as one space."""
        return " ".join(self.text.split())


@pytest.fixture(scope="session")
def printed(django_db_setup: None, django_db_blocker: Any, tmp_path_factory: Any) -> Printed:
    """The paper of 10 December 2024 from the demonstration's data, made once for all tests."""
    with django_db_blocker.unblock(), rolled_back():
        report = load_demo()
        figures = snapshot(report)
        document = compose(report, report.sections.all(), figures)
        pdf = render_pdf("reports/paper/pdf.html", views.paper_context(document))
        reader_of_lists = make_user("reader")
        screen = compose(report, report.sections.all(), figures, links_wanted=True)
        linked = {
            address: (figure, actions_at(address, reader_of_lists))
            for address, figure in linked_figures(screen).items()
        }
        publications = [actions_at(each, reader_of_lists) for each in linked_publications(screen)]
    file = tmp_path_factory.mktemp("paper") / "paper.pdf"
    file.write_bytes(pdf)
    reader = PdfReader(file)
    return Printed(
        figures, linked, publications, pdf, reader, [page.extract_text() for page in reader.pages]
    )
