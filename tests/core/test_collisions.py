"""Two people who change one record: who may go on, and what the other one is told."""

from types import SimpleNamespace

import pytest

from core.collisions import Overtaken, differences, what_to_write
from core.history import attribute
from inspections.models import Publication
from people.models import User
from reports.models import ReportSection
from tests.factories import day, make_framework, make_lead, make_publication, make_report

pytestmark = pytest.mark.django_db


def change(publication: Publication, actor: User, **fields: object) -> None:
    current = Publication.objects.get(pk=publication.pk)
    for name, value in fields.items():
        setattr(current, name, value)
    attribute(current, actor)
    current.save()


def overtaken(publication: Publication, version: int, **fields: object) -> Overtaken:
    current = Publication.objects.get(pk=publication.pk)
    with pytest.raises(Overtaken) as told:
        what_to_write(current, version, fields)
    return told.value


def test_each_save_after_the_first_counts() -> None:
    publication = make_publication()
    assert publication.version == 1
    publication.save()
    publication.refresh_from_db()
    assert publication.version == 2


def test_a_writer_is_told_field_by_field_what_each_of_the_others_changed(
    cast: SimpleNamespace,
) -> None:
    publication = make_publication("Dogs", note="")
    change(publication, cast.governance, title="Cats", scope="local")
    change(publication, cast.admin, title="Birds", note="Seen.")

    told = overtaken(publication, 1, title="Fish", note="Mine.", described_as="x")

    first, second = told.changes
    assert (first.by, second.by) == ("Governance", "Admin")
    assert [(each.label, each.was, each.now) for each in first.fields] == [
        ("Title", "Dogs", "Cats")
    ]
    assert [(each.label, each.was, each.now) for each in second.fields] == [
        ("Title", "Cats", "Birds"),
        ("Note", "", "Seen."),
    ]
    assert told.version == 3


def test_changes_of_other_fields_stand_in_nobodys_way(cast: SimpleNamespace) -> None:
    publication = make_publication("Dogs")
    change(publication, cast.governance, response_url="https://example.test/answer")
    what_to_write(Publication.objects.get(), 1, {"title": "Cats", "scope": "local"})


def test_what_the_writer_left_as_it_was_keeps_what_somebody_else_put_there(
    cast: SimpleNamespace,
) -> None:
    publication = make_publication("Dogs", scope="national")
    change(publication, cast.governance, title="Cats")
    form = {"title": "Dogs", "scope": "local"}
    assert what_to_write(Publication.objects.get(), 1, form) == {"scope": "local"}


def test_a_related_record_that_the_writer_left_is_not_written(cast: SimpleNamespace) -> None:
    first, second = make_lead("ACC Baker"), make_lead("ACC Felton")
    publication = make_publication("Dogs", executive_lead=first)
    change(publication, cast.governance, executive_lead=second)
    current = Publication.objects.get()
    assert what_to_write(current, 1, {"executive_lead": first, "title": "Cats"}) == {
        "title": "Cats"
    }
    assert overtaken(publication, 1, executive_lead=None).changes[0].fields[0].now == "ACC Felton"


def test_what_was_changed_and_put_back_is_nobodys_collision(cast: SimpleNamespace) -> None:
    publication = make_publication("Dogs")
    change(publication, cast.governance, title="Cats")
    change(publication, cast.governance, title="Dogs")
    assert what_to_write(Publication.objects.get(), 1, {"title": "Fish"}) == {"title": "Fish"}


def test_who_is_told_of_one_field_takes_over_the_others_they_left(cast: SimpleNamespace) -> None:
    publication = make_publication("Dogs", note="")
    change(publication, cast.governance, title="Cats", note="Theirs.")
    told = overtaken(publication, 1, title="Dogs", note="Mine.")
    assert [field.name for field in told.changes[0].fields] == ["note"]
    assert told.left == {"title": "Cats"}
    assert told.labelled({}).left == {"title": "Cats"}


def test_where_history_does_not_tell_what_was_seen_any_difference_collides(
    cast: SimpleNamespace,
) -> None:
    publication = make_publication("Dogs")
    change(publication, cast.governance, note="Seen.")
    publication.history.earliest().delete()
    assert overtaken(publication, 1, title="Dogs", note="").changes[0].by == "Governance"


def test_who_writes_the_same_goes_on(cast: SimpleNamespace) -> None:
    publication = make_publication("Dogs")
    change(publication, cast.governance, title="Cats")
    what_to_write(Publication.objects.get(), 1, {"title": "Cats"})


def test_who_was_told_goes_over_it_knowingly(cast: SimpleNamespace) -> None:
    publication = make_publication("Dogs")
    change(publication, cast.governance, title="Cats")
    told = overtaken(publication, 1, title="Fish")
    what_to_write(Publication.objects.get(), told.version, {"title": "Fish"})


@pytest.mark.parametrize("version", [-4, 7])
def test_a_version_that_never_was_is_answered_with_who_came_last(
    cast: SimpleNamespace, version: int
) -> None:
    publication = make_publication("Dogs")
    change(publication, cast.governance, title="Cats")
    (last,) = overtaken(publication, version, title="Fish").changes
    assert (last.by, last.fields) == ("Governance", ())


def test_values_are_said_as_people_read_them() -> None:
    question = make_framework().questions.get(number=1)
    before = make_publication("A", question=None)
    after = make_publication(
        "A",
        question=question,
        published_on=day("2024-11-20"),
        scope="local",
        executive_lead=make_lead("ACC Baker"),
    )
    said = differences(before, after, ["question", "published_on", "scope", "executive_lead"])
    assert [(each.was, each.now) for each in said] == [
        ("", "PAF 1"),
        ("10 January 2023", "20 November 2024"),
        ("National", "Local"),
        ("", "ACC Baker"),
    ]


def test_a_tick_is_said_as_yes_or_no() -> None:
    before = make_report().sections.get(key="purpose")
    after = ReportSection.objects.get(pk=before.pk)
    after.included = False
    (said,) = differences(before, after, ["included"])
    assert (said.label, said.was, said.now) == ("Include in the paper", "Yes", "No")
