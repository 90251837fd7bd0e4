"""The list of evidence: filters, tabs, counts, what a search shows, exports, and empty pages."""

import csv
import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl.reader.excel import load_workbook

from core.markings import Marking
from evidence.choices import ReadAs
from evidence.extracting import extract
from evidence.filters import EvidenceFilterSet
from evidence.models import CharacteristicEvidence, CorporateMeeting, Evidence, EvidenceReading
from inspections.models import Characteristic
from people.models import User
from tests.documents import PDF, PNG
from tests.evidence import papers
from tests.factories import (
    day,
    make_action,
    make_evidence,
    make_evidence_file,
    make_framework,
    make_user,
)
from tracker.models import ActionEvidence

pytestmark = pytest.mark.django_db
SignIn = Callable[[User], Client]
LINK = "https://records.force.example/audits/12"
ADD = reverse("evidence:add")
ITEMS = reverse("evidence:items")


@pytest.fixture
def staff(cast: SimpleNamespace, sign_in: SignIn) -> Client:
    return sign_in(cast.staff)


def text_of(client: Client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


def titles(client: Client, query: str = "") -> list[str]:
    return [row.record.title for row in client.get(ITEMS + query).context["table"].rows]


def withdraw(evidence: Evidence) -> None:
    evidence.withdrawn_at, evidence.withdrawn_reason = timezone.now(), "Replaced."
    evidence.save()


def link(evidence: Evidence, code: str, **fields: Any) -> CharacteristicEvidence:
    question, topic, number = code.split(".")
    found = Characteristic.objects.get(
        topic__question__number=question, topic__number=topic, number=number
    )
    return CharacteristicEvidence.objects.create(characteristic=found, evidence=evidence, **fields)


# Empty


def test_with_no_evidence_the_list_says_what_to_do(staff: Client) -> None:
    text = text_of(staff, ITEMS)
    assert "No evidence yet" in text
    assert text.count(f'href="{ADD}"') == 2


def test_a_search_that_finds_nothing_says_so(staff: Client) -> None:
    make_evidence("Wardrobe audit")
    text = text_of(staff, f"{ITEMS}?q=elephant")
    assert "No evidence holds all of these words" in text
    assert f'<a class="govuk-link" href="{ITEMS}">Show all evidence</a>' in text


def test_filters_that_find_nothing_say_so(staff: Client) -> None:
    make_evidence("Wardrobe audit")
    assert "No evidence matches these filters" in text_of(staff, f"{ITEMS}?source=data")


def test_when_all_was_withdrawn_the_list_says_so(staff: Client) -> None:
    withdraw(make_evidence("Wardrobe audit"))
    assert "No current evidence" in text_of(staff, ITEMS)


# What a row shows


def test_a_row_names_the_piece_and_how_it_is_kept(staff: Client, media: Path) -> None:
    make_framework()
    filed = make_evidence("Wardrobe audit", contents=PDF, review_by=day("2024-12-01"))
    make_evidence_file(filed, PDF + b"x")
    link(filed, "2.1.1")
    link(filed, "1.1.1")
    make_evidence("Kennel records", link=LINK, review_by=day("2024-11-24"))
    text = text_of(staff, ITEMS)
    assert "2 pieces of evidence" in text
    assert f'<a class="govuk-link" href="{filed.get_absolute_url()}">Wardrobe audit</a>' in text
    rows = {row.record.title: row for row in staff.get(ITEMS).context["table"].rows}
    first, second = rows["Wardrobe audit"], rows["Kennel records"]
    assert first.get_cell("kept") == "PDF, version 2"
    assert first.get_cell("characteristics") == "1.1.1, 2.1.1"
    assert "Due for review" in first.get_cell("freshness")
    assert "review by 1 December 2024" in first.get_cell("freshness")
    assert (second.get_cell("kept"), second.get_cell("characteristics")) == ("Link", "None yet")
    assert "Stale" in second.get_cell("freshness")


def test_the_latest_comes_first_and_pages_survive_nonsense(staff: Client) -> None:
    for number in range(26):
        make_evidence(f"Audit {number:02}")
    make_evidence("Older", dated_on="2023-01-01")
    assert titles(staff)[0] == "Audit 25"
    for page in ("2", "99"):
        assert titles(staff, f"?page={page}") == ["Audit 00", "Older"]
    assert titles(staff, "?page=x")[0] == "Audit 25"
    assert titles(staff, "?sort=dated")[0] == "Older"


@pytest.mark.parametrize("query", [f"?q={'x' * 201}", "?q=a%00b", "?action=%27%20OR", "?owner=no"])
def test_a_filter_that_cannot_be_used_is_told_and_left_out(staff: Client, query: str) -> None:
    make_evidence("Wardrobe audit")
    text = text_of(staff, ITEMS + query)
    assert "It was left out." in text
    assert "Wardrobe audit" in text


# Filters


@pytest.fixture
def store(cast: SimpleNamespace, media: Path) -> dict[str, Evidence]:
    """Pieces that differ in one thing each."""
    make_framework(questions=3)
    meeting = CorporateMeeting.objects.create(name="Crime Board")
    action = make_action("ST-0045")
    stale, due = day("2024-11-24"), day("2024-12-25")
    found = {
        "plain": make_evidence("plain", owner=cast.admin, review_by=day("2024-12-26")),
        "mine": make_evidence("mine", owner=cast.staff),
        "picture": make_evidence("picture"),
        "video link": make_evidence("video link", link=LINK, dated_on="2024-09-30"),
        "linked": make_evidence("linked"),
        "linked twice": make_evidence("linked twice"),
        "was linked": make_evidence("was linked"),
        "of meeting": make_evidence("of meeting", meeting=meeting, source="meeting"),
        "of action": make_evidence("of action"),
        "was of action": make_evidence("was of action"),
        "stale": make_evidence("stale", review_by=stale),
        "due": make_evidence("due", review_by=due),
        "kept long": make_evidence("kept long", retention_review_on=day("2024-11-25")),
        "sensitive": make_evidence("sensitive", marking=Marking.SENSITIVE, owner=cast.staff),
        "withdrawn": make_evidence("withdrawn"),
    }
    make_evidence_file(found["picture"], PDF)
    make_evidence_file(found["picture"], PNG, content_type="image/png")
    make_evidence_file(found["plain"], PDF)
    link(found["linked"], "1.1.1")
    link(found["linked twice"], "1.1.1")
    link(found["linked twice"], "2.1.1")
    link(found["was linked"], "3.1.1", removed_at=timezone.now())
    ActionEvidence.objects.create(action=action, evidence=found["of action"])
    ActionEvidence.objects.create(
        action=action, evidence=found["was of action"], removed_at=timezone.now()
    )
    ActionEvidence.objects.create(action=make_action("ST-0046"), evidence=found["was of action"])
    withdraw(found["withdrawn"])
    return found


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("question=1", {"linked", "linked twice"}),
        ("question=1&question=2", {"linked", "linked twice"}),
        ("question=1&topic=2.1", {"linked twice"}),
        ("topic=2.1", {"linked twice"}),
        ("characteristic=1.1.1", {"linked", "linked twice"}),
        ("characteristic=3.1.1", set()),
        ("question=1&framework=2023-25", {"linked", "linked twice"}),
        ("framework=2023-25", {"linked", "linked twice"}),
        ("action=st-0045", {"of action"}),
        ("action=ST-0046", {"was of action"}),
        ("action=ST-9999", set()),
        ("owner=me", {"mine", "sensitive"}),
        ("owner=admin", {"plain"}),
        ("owner=admin&owner=me", {"plain", "mine", "sensitive"}),
        ("marking=OFFICIAL-SENSITIVE", {"sensitive"}),
        ("fresh=stale", {"stale"}),
        ("fresh=due", {"due"}),
        ("fresh=due&fresh=stale", {"due", "stale"}),
        ("kind=png", {"picture"}),
        ("kind=pdf", {"plain"}),
        ("kind=link&dated_to=30.09.24", {"video link"}),
        ("source=meeting", {"of meeting"}),
        ("dated_to=30.09.24", {"video link"}),
        ("dated_from=2.10.24", set()),
        ("retention=yes", {"kept long"}),
        ("withdrawn=yes", {"withdrawn"}),
        ("q=linked&question=2", {"linked twice"}),
    ],
)
def test_each_filter_leaves_exactly(
    staff: Client, store: dict[str, Evidence], query: str, expected: set[str]
) -> None:
    assert set(titles(staff, f"?{query}")) == expected


def test_without_a_filter_all_that_is_current_is_listed(
    staff: Client, store: dict[str, Evidence]
) -> None:
    assert set(titles(staff)) == set(store) - {"withdrawn"}
    assert set(titles(staff, "?withdrawn=all")) == set(store)
    assert set(titles(staff, "?unlinked=yes")) == set(store) - {
        "withdrawn",
        "linked",
        "linked twice",
    }
    meeting = CorporateMeeting.objects.get().pk
    assert set(titles(staff, f"?meeting={meeting}")) == {"of meeting"}


def test_fresh_is_what_is_neither_due_nor_stale(staff: Client, store: dict[str, Evidence]) -> None:
    assert set(titles(staff, "?fresh=fresh")) == set(store) - {"withdrawn", "due", "stale"}


def test_tabs_say_how_many_and_which_is_open(staff: Client, store: dict[str, Evidence]) -> None:
    tabs = staff.get(f"{ITEMS}?fresh=due").context["tabs"]
    assert [(tab.text, tab.count, tab.current) for tab in tabs] == [
        ("All current", 14, False),
        ("Due for review", 1, True),
        ("Stale", 1, False),
        ("Withdrawn", 1, False),
        ("Mine", 2, False),
    ]
    for tab in tabs:
        response = staff.get(tab.href)
        assert response.context["count"] == tab.count == len(response.context["table"].rows)
        assert sum(each.current for each in response.context["tabs"]) == 1


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("", "14 pieces of evidence"),
        ("?kind=png", "1 of 14 pieces of evidence"),
        ("?withdrawn=yes", "1 piece of evidence"),
        ("?withdrawn=all&kind=png", "1 of 15 pieces of evidence"),
    ],
)
def test_the_list_says_how_many_of_how_many(
    staff: Client, store: dict[str, Evidence], query: str, said: str
) -> None:
    assert staff.get(ITEMS + query).context["sentence"] == said


def test_the_count_beside_each_choice_is_what_it_would_leave(
    staff: Client, store: dict[str, Evidence]
) -> None:
    panel = staff.get(f"{ITEMS}?counts=yes").context["panel"]
    controls = {each.name: each for section in panel.sections for each in section.controls}
    counted = {
        name: {option.value: option.count for option in control.options}
        for name, control in controls.items()
        if control.look == "choices"
    }
    assert counted["question"] == {"1": 2, "2": 1, "3": 0}
    assert counted["fresh"] == {"fresh": 12, "due": 1, "stale": 1}
    assert counted["retention"] == {"yes": 1}
    assert (counted["kind"]["png"], counted["kind"]["pdf"]) == (1, 1)
    for name, options in counted.items():
        for value, count in options.items():
            if value != "me":
                assert len(titles(staff, f"?{name}={value}")) == count, (name, value)


def test_chips_say_what_is_chosen(staff: Client, store: dict[str, Evidence]) -> None:
    query = "?q=audit&question=1&topic=1.1&characteristic=1.1.1&action=ST-0045&owner=me&fresh=due"
    chips = staff.get(ITEMS + query).context["chips"]
    assert [chip.text for chip in chips] == [
        "“audit”",
        "Due for review",
        "PAF 1",
        "Topic area 1.1",
        "Characteristic 1.1.1",
        "Action: ST-0045",
        "Mine",
    ]


def test_the_chip_of_a_search_keeps_the_quotes_that_were_typed(staff: Client) -> None:
    chips = staff.get(f"{ITEMS}?q=%22velvet+octopus%22+tank").context["chips"]
    assert [chip.text for chip in chips] == ['"velvet octopus" tank']


def test_an_action_that_the_reader_may_not_read_is_none(
    staff: Client, cast: SimpleNamespace, sign_in: SignIn
) -> None:
    secret = make_action("ST-0099", marking=Marking.SENSITIVE)
    kept = make_evidence("Open paper")
    ActionEvidence.objects.create(action=secret, evidence=kept)
    for reference in ("ST-0099", "ST-9999"):
        assert titles(staff, f"?action={reference}") == []
        assert f"There is no action {reference}." in text_of(staff, f"{ITEMS}?action={reference}")
    keeper = sign_in(cast.assurance)
    assert titles(keeper, "?action=st-0099") == ["Open paper"]
    assert "There is no action" not in text_of(keeper, f"{ITEMS}?action=ST-0099")


def two_versions() -> tuple[Evidence, Evidence]:
    """What stands for 1.1.1 of the framework that was, and for 1.1.1 of that in force."""
    old, new = make_framework(), make_framework("2025-27")
    new.in_force_from = day("2024-10-01")
    new.save()
    for framework in (old, new):
        characteristic = Characteristic.objects.get(
            topic__question__framework=framework, topic__question__number=1
        )
        characteristic.text = f"Of {framework.version}"
        characteristic.save()
        evidence = make_evidence(f"Paper of {framework.version}")
        CharacteristicEvidence.objects.create(characteristic=characteristic, evidence=evidence)
    return Evidence.objects.get(title__contains="2023"), Evidence.objects.get(
        title__contains="5-27"
    )


def filtered_by(query: str) -> EvidenceFilterSet:
    request: Any = SimpleNamespace(user=None)
    return EvidenceFilterSet(QueryDict(query), Evidence.objects.all(), request=request)


def test_codes_are_of_one_version_of_the_framework(staff: Client) -> None:
    older, newer = two_versions()
    for code in ("question=1", "topic=1.1", "characteristic=1.1.1"):
        assert titles(staff, f"?{code}") == [newer.title]
        assert titles(staff, f"?{code}&framework=2023-25") == [older.title]
    filters = filtered_by("characteristic=1.1.1")
    assert "1.1.1 Of 2025-27" in dict(filters.filters["characteristic"].extra["choices"]).values()
    assert filters.count_choices("characteristic") == {"1.1.1": 1}
    assert filters.in_words() == ["Characteristic 1.1.1"]
    filters = filtered_by("topic=1.1&framework=2023-25")
    assert "1.1.1 Of 2023-25" in dict(filters.filters["characteristic"].extra["choices"]).values()
    assert "Topic area 1.1 (2023-25)" in filters.in_words()


def test_an_older_code_is_told_with_its_version(staff: Client) -> None:
    two_versions()
    shown = text_of(staff, ITEMS)
    assert "1.1.1 (2023-25)" in shown
    assert "1.1.1 (2025-27)" not in shown


def test_owners_and_meetings_of_hidden_evidence_are_no_choices(
    staff: Client, store: dict[str, Evidence]
) -> None:
    meeting = CorporateMeeting.objects.create(name="Hidden Board")
    make_evidence(
        owner=make_user("secretive"), marking=Marking.SENSITIVE, meeting=meeting, title="Rare"
    )
    text = text_of(staff, ITEMS)
    assert "Crime Board" in text
    assert not [word for word in ("Hidden Board", "secretive", "Rare") if word in text]


# What a search shows


def test_a_search_shows_where_it_found_the_words(staff: Client, media: Path) -> None:
    paper = make_evidence("Audit of kennels", shows="<b>All</b> kennels")
    extract(make_evidence_file(paper, papers.pdf("Sixty kennels & more")))
    text = text_of(staff, f"{ITEMS}?q=kennels")
    assert "Audit of <mark>kennels</mark></a>" in text
    assert "Found in the title" in text
    assert "What it shows:</span> &lt;b&gt;All&lt;/b&gt; <mark>kennels</mark>" in text
    assert "PDF, version 1:</span> Sixty <mark>kennels</mark> &amp; more" in text
    assert "<mark>" not in text_of(staff, ITEMS)


def test_passages_of_sensitive_evidence_are_written_down(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    paper = make_evidence("Kennels", marking=Marking.SENSITIVE)
    make_evidence("Kennels, open")
    sign_in(cast.chair).get(f"{ITEMS}?q=kennels")
    sign_in(cast.staff).get(f"{ITEMS}?q=kennels")
    sign_in(cast.chair).get(ITEMS)
    assert readings() == [(paper.pk, cast.chair.pk, str(cast.chair), ReadAs.SEARCH)]


def readings() -> list[tuple[int, int, str, str]]:
    """What is on record of who has read what, the first reading first."""
    rows = EvidenceReading.objects.order_by("pk")
    return list(rows.values_list("evidence", "reader", "reader_name", "how"))


# Exports


def body(response: Any) -> bytes:
    return b"".join(response.streaming_content) if response.streaming else response.content


def exported(client: Client, query: str = "") -> list[dict[str, str]]:
    response = client.get(f"{ITEMS}?export=csv{query}")
    return list(csv.DictReader(io.StringIO(body(response).decode("utf-8-sig"))))


def test_an_export_holds_every_row_in_plain_values(staff: Client, media: Path) -> None:
    make_framework()
    filed = make_evidence("=Wardrobe", contents=PDF, review_by=day("2024-12-01"))
    link(filed, "1.1.1")
    for number in range(30):
        make_evidence(f"Audit {number}", dated_on="2023-01-01")
    rows = exported(staff)
    assert len(rows) == 31
    assert rows[0] == {
        "Title": "'=Wardrobe",
        "Date": "2024-10-01",
        "Freshness": "Due for review",
        "Owner": str(filed.owner),
        "Kept as": "PDF, version 1",
        "Characteristics": "1.1.1",
    }


def test_an_export_of_every_column_can_be_written_in_every_format(
    staff: Client, store: dict[str, Evidence]
) -> None:
    columns = staff.get(ITEMS).context["column_choices"]
    every = ",".join(name for name, *_ in columns)
    for kind in ("csv", "xlsx", "pdf"):
        response = staff.get(f"{ITEMS}?withdrawn=all&columns={every}&export={kind}")
        assert response.status_code == 200
        content = body(response)
        assert content
    rows = load_workbook(
        io.BytesIO(body(staff.get(f"{ITEMS}?withdrawn=yes&columns={every}&export=xlsx")))
    ).worksheets[0]
    heads = [cell.value for cell in rows[1]]
    assert isinstance(rows.cell(2, heads.index("Withdrawn") + 1).value, dt.date)
    assert set(titles(staff, f"?columns={every}")) == set(store) - {"withdrawn"}


def test_an_export_with_sensitive_evidence_carries_the_marking_and_is_written_down(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    paper = make_evidence("Kennels", marking=Marking.SENSITIVE)
    make_evidence("Open")
    marked = sign_in(cast.chair).get(f"{ITEMS}?export=csv")
    plain = sign_in(cast.staff).get(f"{ITEMS}?export=csv")
    assert 'evidence-2024-11-25-official-sensitive.csv"' in marked["Content-Disposition"]
    assert b"OFFICIAL-SENSITIVE" in body(marked)
    assert 'evidence-2024-11-25.csv"' in plain["Content-Disposition"]
    assert b"Kennels" not in body(plain)
    assert readings() == [(paper.pk, cast.chair.pk, str(cast.chair), ReadAs.EXPORT)]


def test_more_sensitive_evidence_takes_no_more_queries_to_write_down(
    cast: SimpleNamespace, sign_in: SignIn
) -> None:
    chair, taken = sign_in(cast.chair), []
    for _ in range(2):
        for number in range(5):
            make_evidence(f"Kennels {number}", marking=Marking.SENSITIVE)
        for asked in ("q=kennels", "export=csv"):
            with CaptureQueriesContext(connection) as queries:
                body(chair.get(f"{ITEMS}?{asked}"))
            taken.append(len(queries))
    assert taken[:2] == taken[2:]
    assert len(readings()) == 5 + 5 + 10 + 10


# Speed


def test_a_longer_list_asks_the_database_no_more_often(
    staff: Client, media: Path, django_assert_num_queries: Any
) -> None:
    make_framework()
    query = f"{ITEMS}?q=audit&counts=yes&columns=meeting,source,characteristics,kept"
    link(make_evidence(contents=PDF), "1.1.1")
    staff.get(query)
    with CaptureQueriesContext(connection) as one:
        staff.get(query)
    for _ in range(5):
        link(make_evidence(contents=PDF), "2.1.1")
    with django_assert_num_queries(len(one)):
        assert len(titles(staff, query.removeprefix(ITEMS))) == 6


def test_the_main_navigation_leads_to_evidence(staff: Client) -> None:
    assert f'href="{ITEMS}"' in text_of(staff, "/")
