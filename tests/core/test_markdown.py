"""Markdown that people write: safe HTML, and parts that can be numbered."""

import pytest

from core.markdown import parts, to_html


def test_raw_html_stays_text() -> None:
    assert "&lt;script&gt;" in to_html("<script>alert(1)</script>")


@pytest.mark.parametrize(
    "text", ["a <b onclick=x>b</b>", "<style>p {}</style>", "<img src=x onerror=y>"]
)
def test_no_tag_of_the_writer_passes(text: str) -> None:
    html = to_html(text)
    assert html.count("<") == html.count("<p>") + html.count("</p>")


def test_pictures_are_never_fetched() -> None:
    assert "<img" not in to_html("![x](https://elsewhere.example/x.png)")


def test_a_script_address_is_not_linked() -> None:
    assert "href" not in to_html("[press](javascript:alert(1))")


@pytest.mark.parametrize(
    "address", ["#nothing", "/actions/", "actions/", "//elsewhere.example", "data:text/html,x"]
)
def test_only_addresses_of_other_sites_are_linked(address: str) -> None:
    assert "href" not in to_html(f"See [here]({address}).")


@pytest.mark.parametrize("address", ["https://example.org/a", "mailto:a@example.org"])
def test_addresses_of_other_sites_are_linked(address: str) -> None:
    assert f'href="{address}"' in to_html(f"See [here]({address}).")


def test_text_nested_beyond_meaning_is_still_text() -> None:
    assert "word" in to_html("*a **b " * 2000 + "word" + "b** a*" * 2000)


def test_headings_become_subheadings_of_the_page() -> None:
    assert to_html("# Large\n\n##### Small", heading=3) == "<h3>Large</h3>\n<h3>Small</h3>\n"


def test_each_paragraph_is_a_part() -> None:
    assert [part.html for part in parts("One.\n\nTwo.")] == ["<p>One.</p>\n", "<p>Two.</p>\n"]


def test_a_list_belongs_to_the_paragraph_above_it() -> None:
    found = parts("These:\n\n- a\n- b\n\nNext.")
    assert len(found) == 2
    assert "<li>b</li>" in found[0].html


def test_a_subheading_with_its_list_belongs_to_the_paragraph_above_it() -> None:
    found = parts("Proposed:\n\n### 2024\n\n- firearms\n\nAfter.")
    assert len(found) == 2
    assert "<h3>2024</h3>" in found[0].html


def test_a_text_that_begins_with_a_list_is_one_part() -> None:
    assert len(parts("- a\n- b")) == 1


def test_an_empty_text_has_no_parts() -> None:
    assert parts(" \n ") == []
