"""Adding evidence and versions: what is written, what is refused, and what a refusal leaves."""

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection

from core.markings import Marking
from core.uploads import atomic_with_files
from evidence.keeping import may_keep
from evidence.models import Evidence, EvidenceFile
from evidence.recording import add_evidence, add_version
from people.models import User
from tests.access_table import ALL
from tests.documents import PDF, PNG, sent
from tests.factories import day, make_evidence, make_user

LINK = "https://records.force.example/audits/12"
CHANGED = PDF + b"% changed\n"


@pytest.fixture
def officer(db: None) -> User:
    return make_user("officer")


def add(officer: User, **different: Any) -> Evidence:
    values: dict[str, Any] = {
        "actor": officer,
        "title": "Wardrobe safety audit",
        "dated_on": day("2024-10-01"),
        "marking": Marking.OFFICIAL,
        **different,
    }
    return add_evidence(**values)


def refusal_of(officer: User, **different: Any) -> dict[str, list[str]]:
    with pytest.raises(ValidationError) as refused:
        add(officer, **different)
    return refused.value.message_dict


def files_in(media: Path) -> list[Path]:
    return [path for path in media.rglob("*") if path.is_file()]


# Evidence


def test_a_file_becomes_version_1(officer: User, media: Path) -> None:
    added = add(officer, upload=sent(), shows="Twelve were checked.")
    file = EvidenceFile.objects.get()
    assert (file.evidence, file.version, file.stored_by) == (added, 1, officer)
    assert (added.title, added.shows) == ("Wardrobe safety audit", "Twelve were checked.")
    assert (added.owner, added.link) == (officer, "")
    assert [path.read_bytes() for path in files_in(media)] == [PDF]


def test_a_link_is_kept_without_a_file(officer: User, media: Path) -> None:
    added = add(officer, link=LINK)
    assert (added.link, added.latest) == (LINK, None)
    assert files_in(media) == []


def test_somebody_else_may_answer_for_it(officer: User) -> None:
    owner = make_user("owner")
    assert add(officer, link=LINK, owner=owner).owner == owner


def test_who_added_it_is_in_the_audit_trail(officer: User, media: Path) -> None:
    added = add(officer, upload=sent(), owner=make_user("owner"))
    row, file_row = added.history.get(), added.files.get().history.get()
    assert (row.history_user, row.history_change_reason) == (officer, "Evidence added")
    assert (file_row.history_user, file_row.history_change_reason) == (officer, "Version 1 added")


def test_neither_file_nor_link_is_refused(officer: User) -> None:
    assert refusal_of(officer) == {"upload": ["Choose a file or enter a link."]}


def test_both_file_and_link_are_refused(officer: User, media: Path) -> None:
    assert refusal_of(officer, upload=sent(), link=LINK) == {
        "upload": ["Choose a file or enter a link, not both."]
    }


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "x" * 201),
        ("marking", "SECRET"),
        ("link", "javascript:alert(1)"),
        ("link", f"https://force.example/{'x' * 500}"),
    ],
)
def test_a_field_that_will_not_do_is_named(officer: User, field: str, value: str) -> None:
    assert set(refusal_of(officer, **{"link": LINK, field: value})) == {field}
    assert not Evidence.objects.exists()


def test_a_file_that_is_not_let_in_is_told_at_its_field(officer: User, media: Path) -> None:
    refusal = refusal_of(officer, upload=sent("audit.pdf", PNG))
    assert set(refusal) == {"upload"}
    assert "of another kind" in refusal["upload"][0]
    assert (Evidence.objects.count(), files_in(media)) == (0, [])


def test_evidence_that_is_refused_leaves_no_file(officer: User, media: Path) -> None:
    assert set(refusal_of(officer, upload=sent(), title="")) == {"title"}
    assert (Evidence.objects.count(), files_in(media)) == (0, [])


def test_evidence_within_something_that_fails_leaves_no_file(officer: User, media: Path) -> None:
    with pytest.raises(KeyError), atomic_with_files():
        add(officer, upload=sent())
        raise KeyError
    assert (Evidence.objects.count(), files_in(media)) == (0, [])


# Versions


def test_another_file_becomes_the_next_version_and_the_first_stays(
    officer: User, media: Path
) -> None:
    added = add(officer, upload=sent())
    file = add_version(added, actor=officer, upload=sent("later.pdf", CHANGED))
    assert (file.version, file.original_name) == (2, "later.pdf")
    assert [each.sha256 for each in added.files.all()] == [
        hashlib.sha256(contents).hexdigest() for contents in (PDF, CHANGED)
    ]
    assert len(files_in(media)) == 2
    assert file.history.get().history_change_reason == "Version 2 added"


def test_the_newest_version_over_again_is_refused(officer: User, media: Path) -> None:
    added = add(officer, upload=sent())
    with pytest.raises(ValidationError, match="the very file that is kept as version 1"):
        add_version(added, actor=officer, upload=sent("renamed.pdf"))
    assert len(files_in(media)) == 1


def test_an_older_version_may_come_back(officer: User, media: Path) -> None:
    added = add(officer, upload=sent())
    add_version(added, actor=officer, upload=sent(contents=CHANGED))
    assert add_version(added, actor=officer, upload=sent()).version == 3


def test_evidence_that_is_a_link_takes_no_version(officer: User, media: Path) -> None:
    added = add(officer, link=LINK)
    with pytest.raises(ValidationError, match="is a link to another system"):
        add_version(added, actor=officer, upload=sent())
    assert files_in(media) == []


def test_a_version_that_is_not_let_in_is_told_at_its_field(officer: User, media: Path) -> None:
    added = add(officer, upload=sent())
    with pytest.raises(ValidationError) as refused:
        add_version(added, actor=officer, upload=sent("empty.pdf", b""))
    assert set(refused.value.message_dict) == {"upload"}
    assert len(files_in(media)) == 1


def test_owner_and_keepers_of_evidence_may_add_a_version(cast: SimpleNamespace) -> None:
    evidence = make_evidence(owner=cast.delivery)
    may = {name for name in ALL if may_keep(evidence, getattr(cast, name))}
    assert may == {"delivery", "assurance", "governance"}


def test_nobody_else_adds_one(cast: SimpleNamespace, media: Path) -> None:
    evidence = add(cast.delivery, upload=sent())
    with pytest.raises(PermissionDenied):
        add_version(evidence, actor=cast.staff, upload=sent(contents=CHANGED))
    assert len(files_in(media)) == 1


@pytest.mark.skipif(connection.vendor == "sqlite", reason="writers of SQLite take turns anyway")
@pytest.mark.django_db(transaction=True)
def test_versions_that_come_at_once_get_numbers_of_their_own(media: Path) -> None:
    officer = make_user("officer")
    added = add(officer, upload=sent())
    together = threading.Barrier(3)

    def another(number: int) -> int:
        try:
            together.wait()
            upload = sent(contents=PDF + bytes([number]))
            return add_version(added, actor=officer, upload=upload).version
        finally:
            connection.close()

    with ThreadPoolExecutor(3) as pool:
        assert sorted(pool.map(another, range(3))) == [2, 3, 4]
