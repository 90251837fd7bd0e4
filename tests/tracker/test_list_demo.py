"""Every figure of the demonstration that a filter can express is found by that filter.

The addresses are those that other pages link from their figures.
"""

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import RequestFactory

from inspections.choices import PublicationType
from people.models import Lead, User
from tests.factories import make_user
from tests.rolled_back import rolled_back
from tracker.views.actions import ActionListPage

# The tests only compare; the mark has the database made for the fixture they share.
pytestmark = pytest.mark.django_db
FIXTURES = settings.BASE_DIR / "fixtures"
EXPECTED: dict[str, Any] = json.loads((FIXTURES / "expected.json").read_text(encoding="utf-8"))
AS_AT = EXPECTED["position_date"]
SINCE = EXPECTED["opening_date"]
_KINDS = {
    "Cause of Concern": "cause_of_concern",
    "Recommendation": "recommendation",
    "AFI": "afi",
}
_STAGES = {
    "In progress": "in_progress",
    "Local closure": "local_closure",
    "With HMICFRS": "with_hmicfrs",
}
_CONFIDENCE = {"High": "1", "Medium": "2", "Low": "3"}
_SOURCE_TYPES = {choice.label: choice.value for choice in PublicationType} | {
    "National thematic inspection": "national_thematic"
}


def at(**parameters: str) -> str:
    return urlencode({"as_at": AS_AT, **parameters})


def _table() -> dict[str, int]:
    found = {}
    for row in EXPECTED["table"]:
        words = row["row"]
        if words.startswith("Total"):
            chosen = {}
        elif words.startswith("Super"):
            chosen = {"register": "super_complaint"}
        else:
            kind, _, level = words.partition(" Level ")
            chosen = {
                "kind": _KINDS[kind],
                "register": "hmicfrs",
                **({"level": level} if level else {}),
            }
        found[at(**chosen)] = row["total"]
        for scope in ("local", "national"):
            found[at(**chosen, scope=scope)] = row[scope]
    return found


def _movement() -> dict[str, int]:
    movement = EXPECTED["movement"]
    found = {
        at(since=SINCE, change=change): movement[change]
        for change in ("opening", "new", "closed", "closing")
    }
    found[at(since=SINCE, change="reopened")] = 0
    found[at(since=SINCE, change="closed", portal="no")] = movement["closed_not_on_portal"]
    found[at(since=SINCE, change="closed", portal="yes")] = movement["closed_on_portal"]
    found[at(since=SINCE, change="opening", register="super_complaint")] = movement[
        "opening_super_complaint"
    ]
    for row in movement["closed_other_by_kind"]:
        found[
            at(
                since=SINCE,
                change="closed",
                register="hmicfrs",
                kind=_KINDS[row["kind"]],
                level=str(row["level"]),
                scope=row["scope"].lower(),
            )
        ] = row["closed"]
    for slug, count in movement["new_by_report"].items():
        found[at(since=SINCE, change="new", publication=slug)] = count
    return found


def _stages() -> dict[str, int]:
    found = {at(stage=value): EXPECTED["stages"][words] for words, value in _STAGES.items()}
    found[at(stage="in_progress", register="super_complaint")] = EXPECTED["stages"][
        "in_progress_super_complaint"
    ]
    found[at(stage="local_closure", level="2")] = 9
    found[at(stage="with_hmicfrs", level="3")] = 5
    return found


def _by_date() -> dict[str, int]:
    found = {}
    for row in EXPECTED["live_at"] + EXPECTED["live_before_period"]:
        for scope, key in ((None, "total"), ("local", "local"), ("national", "national")):
            chosen = {"as_at": row["date"], **({"scope": scope} if scope else {})}
            found[urlencode(chosen)] = row[key]
        chosen = {"as_at": row["date"], "register": "super_complaint"}
        found[urlencode(chosen)] = row["super_complaint"]
    for row in EXPECTED["flow_by_month"]:
        for change, dates in (("new", "received"), ("closed", "closed")):
            months = {f"{dates}_from": row["from"], f"{dates}_to": row["to"], "show": "all"}
            found[urlencode({"as_at": AS_AT, **months})] = row[change]
    return found


def _by_property() -> dict[str, int]:
    portal = EXPECTED["not_on_portal"]
    found = {
        at(overdue="yes"): EXPECTED["live_overdue"],
        at(due="none"): EXPECTED["live_without_due_date"],
        at(due_from=AS_AT, due_to="2025-02-18"): EXPECTED["live_due_in_next_90_days"],
        # Not updated for over 60 days; published over two years ago.
        at(updated_to="2024-09-20"): EXPECTED["live_not_updated_for_over_60_days"],
        at(published_to="2022-11-19"): EXPECTED["live_published_over_two_years_ago"],
        at(portal="no"): portal["live"],
        at(portal="no", register="hmicfrs"): portal["live_awaiting_portal"],
        at(show="closed"): EXPECTED["start_list"]["closed"],
        at(show="all"): EXPECTED["start_list"]["rows"],
        at(show="all", portal="no"): EXPECTED["start_list"]["on_portal_no"],
    }
    found |= {at(question=n): count for n, count in EXPECTED["live_by_paf_question"].items()}
    found |= {at(publication=slug): count for slug, count in EXPECTED["live_by_report"].items()}
    found |= {
        at(confidence=_CONFIDENCE[name]): count
        for name, count in EXPECTED["live_by_delivery_confidence"].items()
    }
    found |= {
        at(type=_SOURCE_TYPES[words]): count
        for words, count in EXPECTED["live_by_source_type"].items()
    }
    return found


COUNTS = {**_table(), **_movement(), **_stages(), **_by_date(), **_by_property()}
LEADS = [
    (role, name, count)
    for role in ("executive", "delivery")
    for name, count in EXPECTED[f"live_by_{role}_lead"].items()
]


def _count(reader: User, query: str) -> int:
    """How many actions the list holds at an address; the page is not laid out: there are many."""
    page = ActionListPage()
    page.setup(RequestFactory().get(f"/actions/?{query}"))
    page.request.user = reader
    page.read_address()
    assert page.notes == [], query
    return page.count(page.filterset.qs)


@pytest.fixture(scope="session")
def counted(django_db_setup: None, django_db_blocker: Any) -> dict[Any, int]:
    """Query -> how many actions the list shows with it, from one load of the demonstration."""
    with django_db_blocker.unblock(), rolled_back():
        call_command("load_framework", FIXTURES / "paf-2023-25.json", verbosity=0)
        call_command("load_publications", FIXTURES / "publications.json", verbosity=0)
        call_command("import_start_list", FIXTURES / "start-list-2024-11-20.xlsx", verbosity=0)
        reader = make_user("reader")
        found: dict[Any, int] = {query: _count(reader, query) for query in COUNTS}
        slugs = dict(Lead.objects.values_list("name", "slug"))
        for role, name, _ in LEADS:
            found[role, name] = _count(reader, at(**{role: slugs[name]}))
    return found


@pytest.mark.parametrize("query", COUNTS)
def test_the_list_shows_exactly_the_actions_behind_a_figure(
    counted: dict[Any, int], query: str
) -> None:
    assert counted[query] == COUNTS[query]


@pytest.mark.parametrize(("role", "name", "expected"), LEADS)
def test_the_list_shows_the_actions_of_each_lead(
    counted: dict[Any, int], role: str, name: str, expected: int
) -> None:
    assert counted[role, name] == expected
