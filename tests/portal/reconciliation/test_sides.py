"""Where an action and a record differ, by the glossary's rules."""

import datetime as dt
import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.keys import plain
from portal.models import DifferenceKind, PortalRecord, PortalStatus
from portal.reconciliation.sides import MEANS, Found, Ours, Standing, differences
from tests.factories import day
from tracker.choices import Status

TEXT = "The force’s plan – in full – should be “clear”."


def ours(**fields: Any) -> Ours:
    status = fields.pop("status", Status.IN_PROGRESS)
    level = fields.pop("level", 2)
    values: dict[str, Any] = {
        "pk": 1,
        "reference": "ST-0001",
        "portal_reference": "REC-1",
        "text": TEXT,
        "now": Standing(status, level),
        "then": Standing(status, level),
        "due": day("2025-03-31"),
        "seen_there": True,
    }
    return Ours(**{**values, **fields})


def theirs(**fields: Any) -> PortalRecord:
    values: dict[str, Any] = {
        "reference": "REC-1",
        "text": TEXT,
        "level": 2,
        "due_on": day("2025-03-31"),
        "status": PortalStatus.OPEN,
        "first_seen_on": day("2024-11-20"),
        "last_seen_on": day("2024-11-20"),
    }
    return PortalRecord(**{**values, **fields})


def kinds(action: Ours, record: PortalRecord | None) -> list[DifferenceKind]:
    return [found.kind for found in differences(action, record)]


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.AWAITING_ALLOCATION, PortalStatus.OPEN),
        (Status.IN_PROGRESS, PortalStatus.OPEN),
        (Status.CLOSURE_PROPOSED, PortalStatus.OPEN),
        (Status.WITH_HMICFRS, PortalStatus.AWAITING),
        (Status.CLOSED, PortalStatus.CLOSED),
    ],
)
def test_the_portals_words_mean_what_the_glossary_says(status: Status, said: PortalStatus) -> None:
    assert kinds(ours(status=status), theirs(status=said)) == []
    for other in PortalStatus:
        expected = [] if other == said else [DifferenceKind.STATUS]
        assert kinds(ours(status=status), theirs(status=other)) == expected


def test_each_field_differs_for_itself_with_both_values() -> None:
    record = theirs(
        status=PortalStatus.CLOSED, level=3, due_on=None, text="Something else is asked."
    )
    assert list(differences(ours(), record)) == [
        Found(DifferenceKind.STATUS, "In progress", "Closed"),
        Found(DifferenceKind.LEVEL, "2", "3"),
        Found(DifferenceKind.DUE, "31 March 2025", "Not given"),
        Found(DifferenceKind.TEXT, TEXT, "Something else is asked."),
    ]


def test_the_day_of_a_status_is_never_compared() -> None:
    record = theirs(status_on=day("2019-01-01"), closed_on=day("2019-01-01"))
    assert kinds(ours(), record) == []


@pytest.mark.parametrize("said", [PortalStatus.OPEN, PortalStatus.CLOSED])
def test_what_happened_here_after_the_export_is_no_difference(said: PortalStatus) -> None:
    closed_since = ours(now=Standing(Status.CLOSED, 2), then=Standing(Status.CLOSURE_PROPOSED, 2))
    assert kinds(closed_since, theirs(status=said)) == []
    assert kinds(closed_since, theirs(status=PortalStatus.AWAITING)) == [DifferenceKind.STATUS]


@pytest.mark.parametrize("level", [2, 3])
def test_a_level_given_here_after_the_export_is_no_difference(level: int) -> None:
    changed = ours(now=Standing(Status.IN_PROGRESS, 3), then=Standing(Status.IN_PROGRESS, 2))
    assert kinds(changed, theirs(level=level)) == []
    assert kinds(changed, theirs(level=4)) == [DifferenceKind.LEVEL]


def test_a_text_differs_by_its_words_only() -> None:
    typed = TEXT.replace("’", "'").replace("–", "-").replace("“", '"').replace("”", '"')
    assert kinds(ours(), theirs(text=f"  {typed}\n ")) == []
    assert kinds(ours(), theirs(text=TEXT.replace("should", "must"))) == [DifferenceKind.TEXT]
    assert kinds(ours(), theirs(text="")) == []


@pytest.mark.parametrize(
    ("seen", "kind"), [(True, DifferenceKind.GONE), (False, DifferenceKind.ONLY_HERE)]
)
def test_what_no_export_has_was_seen_before_or_is_only_here(
    seen: bool, kind: DifferenceKind
) -> None:
    assert kinds(ours(seen_there=seen), None) == [kind]


def test_of_a_record_that_is_gone_nothing_else_is_compared() -> None:
    gone = theirs(gone_since=day("2024-11-20"), status=PortalStatus.CLOSED, level=4)
    assert kinds(ours(), gone) == [DifferenceKind.GONE]


_dues = st.none() | st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1))
_levels = st.none() | st.integers(1, 4)
# What texts are typed with, and nothing that takes long to make.
_texts = st.text("aZé ’'“\"–-—\u00a0\n.1", min_size=1, max_size=40)
_standings = st.builds(Standing, st.sampled_from(list(Status)), _levels)


@given(now=_standings, then=_standings, due=_dues, text=_texts)
def test_a_record_that_says_what_we_say_now_or_said_then_never_differs(
    now: Standing, then: Standing, due: dt.date | None, text: str
) -> None:
    action = ours(now=now, then=then, due=due, text=text)
    for side in (now, then):
        record = theirs(status=MEANS[Status(side.status)], level=side.level, due_on=due, text=text)
        assert kinds(action, record) == []


@given(text=_texts, seed=st.randoms())
def test_spaces_between_words_never_matter(text: str, seed: random.Random) -> None:
    spaced = "".join(
        each + seed.choice(["", " ", "\u00a0", "\n"]) if each.isspace() else each for each in text
    )
    assert plain(f" {spaced} ") == plain(text)
    assert plain(plain(text)) == plain(text)
