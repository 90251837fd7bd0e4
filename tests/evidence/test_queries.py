"""Who may read which evidence, and finding it."""

from types import SimpleNamespace

import pytest
from django.db.models import Q

from core.markings import Marking
from evidence import queries
from evidence.models import Evidence, EvidenceFile
from tests.access_table import ALL
from tests.factories import make_evidence, make_evidence_file

pytestmark = pytest.mark.django_db


def readers_of(evidence: Evidence, cast: SimpleNamespace) -> set[str]:
    """The members of the cast who may read a piece of evidence."""
    return {name for name in ALL if evidence in Evidence.objects.visible_to(getattr(cast, name))}


def test_everyone_reads_official_evidence(cast: SimpleNamespace) -> None:
    assert readers_of(make_evidence(), cast) == ALL


def test_sensitive_evidence_is_read_by_those_who_check_and_decide(cast: SimpleNamespace) -> None:
    found = readers_of(make_evidence(marking=Marking.SENSITIVE), cast)
    assert found == {"assurance", "governance", "chair", "deputy"}


def test_sensitive_evidence_is_read_by_its_owner_too(cast: SimpleNamespace) -> None:
    found = readers_of(make_evidence(marking=Marking.SENSITIVE, owner=cast.delivery), cast)
    assert found == {"delivery", "assurance", "governance", "chair", "deputy"}


def test_a_rule_of_an_upper_room_lets_more_people_read_it(
    cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    led = make_evidence(marking=Marking.SENSITIVE)
    other = make_evidence(marking=Marking.SENSITIVE)
    monkeypatch.setattr(queries, "_rules", [])
    queries.readable_if(lambda user: Q(pk=led.pk) if user == cast.executive else Q(pk=None))
    roles = {"assurance", "governance", "chair", "deputy"}
    assert readers_of(led, cast) == roles | {"executive"}
    assert readers_of(other, cast) == roles


def test_a_rule_is_asked_once_however_often_it_is_announced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(queries, "_rules", [])

    def rule(user: object) -> Q:
        return Q()

    queries.readable_if(rule)
    queries.readable_if(rule)
    assert queries._rules == [rule]


def test_files_are_visible_with_their_evidence_only(cast: SimpleNamespace) -> None:
    shown = make_evidence(contents=b"a").files.get()
    hidden = make_evidence(contents=b"b", marking=Marking.SENSITIVE).files.get()
    visible = EvidenceFile.objects.visible_to
    assert set(visible(cast.staff)) == {shown}
    assert set(visible(cast.assurance)) == {shown, hidden}


def test_the_latest_file_is_the_one_with_the_highest_version() -> None:
    evidence = make_evidence(contents=b"first")
    second = make_evidence_file(evidence, b"second")
    assert evidence.latest == second
    assert make_evidence().latest is None


def test_the_latest_dated_comes_first_and_of_one_day_the_latest_recorded() -> None:
    first = make_evidence(dated_on="2024-10-01")
    newest = make_evidence(dated_on="2024-11-01")
    second = make_evidence(dated_on="2024-10-01")
    assert list(Evidence.objects.latest_first()) == [newest, second, first]
