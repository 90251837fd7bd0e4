"""Finding evidence by its words: what is found and shown of it, on both databases alike."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.management import call_command
from django.db import connection

from core.kinds import KINDS
from evidence import database
from evidence.editing import change
from evidence.extracting import extract
from evidence.models import Evidence, EvidenceFile, EvidenceText, EvidenceWords
from evidence.search import hits_in, marked, passages
from evidence.words import folded, squeezed, terms_of
from tests.evidence import papers
from tests.factories import make_evidence, make_evidence_file

pytestmark = pytest.mark.django_db
TITLE = "Wardrobe safety audit"


def filed(contents: bytes, ending: str, **fields: Any) -> Evidence:
    """Evidence with a file whose text has been read."""
    evidence = make_evidence(**{"title": "A paper", **fields})
    read_version(evidence, contents, ending)
    return evidence


def read_version(evidence: Evidence, contents: bytes, ending: str) -> EvidenceFile:
    record = make_evidence_file(
        evidence,
        contents,
        content_type=KINDS[ending].content_type,
        file=ContentFile(contents, f"paper.{ending}"),
    )
    extract(record)
    return record


def found(query: str) -> set[str]:
    return set(Evidence.objects.found_by(query).values_list("title", flat=True))


def where(evidence: Evidence, query: str) -> dict[str, str]:
    return {hit.where: str(hit.passage) for hit in hits_in([evidence], query)[evidence.pk]}


# What is found


def test_a_phrase_that_only_a_pdf_holds_is_found(media: Path) -> None:
    paper = filed(papers.pdf("The kennels at Redcar\nwere inspected twice."), "pdf")
    filed(papers.pdf("The stables were inspected twice."), "pdf", title="Another")
    assert found("kennels redcar") == {"A paper"}
    assert found('"redcar were inspected"') == {"A paper"}
    assert where(paper, "redcar") == {
        "PDF, version 1": "The kennels at <mark>Redcar</mark> were inspected twice."
    }


def test_a_phrase_that_only_a_word_document_holds_is_found(media: Path) -> None:
    paper = filed(papers.docx("The kennels at Redcar were inspected twice."), "docx")
    filed(papers.docx("The stables were inspected twice."), "docx", title="Another")
    assert found("kennels redcar") == {"A paper"}
    assert where(paper, "KENNELS") == {
        "Word document, version 1": (
            "The <mark>kennels</mark> at Redcar were inspected twice. In a table"
        )
    }


@pytest.mark.parametrize(
    "query",
    [
        "wardrobe",
        "WARDROBE audit",
        "audit ward",
        "rob",
        "au",
        "w",
        "prüfung",
        "PRÜFUNG",
        "twelve audit",
        "force's",
        "force’s",
        '"safety audit"',
        "“safety audit”",
        "10%",
        "a_b",
        "c:\\files",
        "cost-effective",
        "wardrobe" + " t" * 40,
    ],
)
def test_every_word_has_to_occur_anywhere_and_in_any_way_of_writing(query: str) -> None:
    make_evidence(
        TITLE,
        shows="Prüfung of the force’s twelve, 10% of a_b in c:\\files: cost–effective.",
    )
    make_evidence("Kennel safety", shows="Elephants come here.")
    assert TITLE in found(query)
    assert found(f"{query} elephant") == set()


@pytest.mark.parametrize(
    "query",
    ["elephant", '"audit safety"', "1%", "aXb", "c:/files", "*", "wardrobe*", "NOT x", "^w"],
)
def test_what_does_not_occur_is_not_found(query: str) -> None:
    make_evidence(TITLE, shows="Cost 10 % of a_b in c:\\files.")
    assert found(query) == set()


@pytest.mark.parametrize("query", ["", "  ", '""', '"'])
def test_nothing_to_look_for_leaves_everything(query: str) -> None:
    make_evidence(TITLE)
    assert found(query) == {TITLE}


def test_words_may_stand_in_different_places(media: Path) -> None:
    filed(papers.pdf("All kennels"), "pdf", title="Audit", shows="At Redcar")
    assert found("audit redcar kennels") == {"Audit"}


def test_only_the_newest_version_of_a_file_counts(media: Path) -> None:
    paper = filed(papers.pdf("Kennels"), "pdf")
    make_evidence_file(paper, b"x")
    assert found("kennels") == set()
    read_version(paper, papers.pdf("Stables"), "pdf")
    assert (found("kennels"), found("stables")) == (set(), {"A paper"})
    assert set(where(paper, "stables kennels")) == {"PDF, version 3"}


def test_a_changed_title_is_found_by_its_new_words_only(media: Path) -> None:
    paper = filed(papers.pdf("Kennels"), "pdf", title="Old name")
    change(paper, paper.version, {"title": "New name"}, actor=paper.owner)
    assert found("old") == set()
    assert found("new kennels") == {"New name"}


def test_evidence_that_is_gone_is_not_found() -> None:
    make_evidence(TITLE).delete()
    assert not EvidenceWords.objects.holding("wardrobe").exists()


def test_words_are_found_within_what_the_reader_may_read(cast: SimpleNamespace) -> None:
    make_evidence(TITLE, marking="OFFICIAL-SENSITIVE")
    assert not Evidence.objects.visible_to(cast.staff).found_by("wardrobe").exists()
    assert Evidence.objects.visible_to(cast.chair).found_by("wardrobe").exists()


# The index


def test_the_index_is_laid_again_without_harm_and_serves() -> None:
    make_evidence(TITLE)
    for _ in range(2):
        database.lay_search()
    assert found("wardrobe") == {TITLE}


def test_evidence_from_before_search_is_found_after_the_next_migrate() -> None:
    make_evidence(TITLE)
    EvidenceWords.objects.all().delete()
    assert found("wardrobe") == set()
    database.lay_search()
    assert found("wardrobe") == {TITLE}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="SQLite's triggers")
def test_a_table_that_was_rebuilt_is_indexed_anew() -> None:
    make_evidence(TITLE)
    with connection.cursor() as cursor:
        for name in database._TRIGGERS:
            cursor.execute(f"DROP TRIGGER {name}")
        cursor.execute(f"INSERT INTO {database.FTS}({database.FTS}) VALUES ('delete-all')")
    assert found("wardrobe") == set()
    database.lay_search()
    assert found("wardrobe") == {TITLE}
    make_evidence("Wardrobe two")
    assert found("wardrobe") == {TITLE, "Wardrobe two"}


@pytest.mark.django_db(transaction=True)
def test_the_index_survives_a_flush() -> None:
    make_evidence(TITLE)
    call_command("flush", interactive=False, verbosity=0)
    assert found("wardrobe") == set()
    make_evidence("Wardrobe two")
    assert found("wardrobe") == {"Wardrobe two"}


@pytest.mark.skipif(connection.vendor != "postgresql", reason="PostgreSQL's plan")
def test_postgresql_has_the_index() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT indexdef FROM pg_indexes WHERE indexname = %s", [database.FTS])
        assert "gin_trgm_ops" in cursor.fetchone()[0]


# What is shown


def test_text_is_shown_as_text_whatever_it_holds() -> None:
    text = 'See <script>alert("x")</script> & <b>wardrobes</b>'
    assert passages(text, ["wardrobes", "<b>", "&"]) == (
        "See &lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; <mark>&amp;</mark> "
        "<mark>&lt;b&gt;wardrobes</mark>&lt;/b&gt;"
    )
    assert marked("<i>a</i>", ["i"]) == "&lt;<mark>i</mark>&gt;a&lt;/<mark>i</mark>&gt;"


def test_a_passage_is_cut_between_words_around_the_first_of_each_term() -> None:
    text = f"{'before ' * 40}kennels {'between ' * 40}Redcar{' after' * 40}"
    shown = passages(text, ["kennels", "redcar"])
    first, second = shown.split("… …")
    assert first.startswith("…before ")
    assert "<mark>kennels</mark> between" in first
    assert "between <mark>Redcar</mark> after" in second
    assert second.endswith(" after…")
    assert len(shown) < 500


def test_a_text_without_a_space_is_cut_all_the_same() -> None:
    shown = passages("x" * 5_000 + "kennels" + "y" * 5_000, ["kennels"])
    assert len(shown) < 250
    assert "x<mark>kennels</mark>y" in shown


def test_terms_that_overlap_are_marked_once() -> None:
    assert marked("wardrobes", ["ward", "drobe"]) == "<mark>wardrobe</mark>s"


def test_a_letter_that_folds_into_two_moves_no_mark() -> None:
    assert marked("Straße Redcar", ["redcar"]) == "strasse <mark>redcar</mark>"


def test_hits_name_every_place_in_one_query(media: Path, django_assert_num_queries: Any) -> None:
    papers_found = [
        filed(papers.pdf("Audit of kennels"), "pdf", title="Audit", shows="An audit."),
        make_evidence("Audited", link="https://records.example"),
    ]
    rows = list(Evidence.objects.with_files().filter(pk__in=[each.pk for each in papers_found]))
    with django_assert_num_queries(1):
        hits = hits_in(rows, "audit")
    assert [hit.where for hit in hits[papers_found[0].pk]] == [
        "Title",
        "What it shows",
        "PDF, version 1",
    ]
    assert [str(hit.passage) for hit in hits[papers_found[1].pk]] == ["<mark>Audit</mark>ed"]


def test_a_text_that_failed_shows_nothing(media: Path) -> None:
    paper = filed(b"%PDF no", "pdf", title="Kennels")
    assert EvidenceText.objects.get().text == ""
    assert set(where(paper, "kennels")) == {"Title"}


# Folding


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("a \x01 b", "a b"),
        ("soft\xadhyphen", "softhyphen"),
        ("e\u0301clair", "éclair"),
        ("ﬁle\n\n two", "file two"),
        ("a\u200bb\x00", "ab"),
    ],
)
def test_text_is_kept_in_one_way(text: str, kept: str) -> None:
    assert squeezed(text) == kept
    assert squeezed(kept) == kept


def test_folding_forgets_case_quotes_and_dashes() -> None:
    assert folded("“Straße” – O’Neill") == '"strasse" - o\'neill'


def test_terms_are_words_and_quoted_phrases_each_once() -> None:
    assert terms_of('Audit  "two  words" audit “x y') == ["audit", "two words", "x", "y"]
    assert len(terms_of(" ".join(map(str, range(99))))) == 20
