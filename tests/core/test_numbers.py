"""Words for numbers in sentences, and keys that somebody sent."""

import pytest

from core.numbers import capitalised, counted, in_words, keys_in, listed


@pytest.mark.parametrize(
    ("number", "words"), [(0, "no"), (1, "one"), (9, "nine"), (10, "10"), (1200, "1,200")]
)
def test_numbers_are_words_up_to_nine_and_figures_from_ten(number: int, words: str) -> None:
    assert in_words(number) == words


def test_a_negative_count_is_refused() -> None:
    with pytest.raises(ValueError, match="cannot be negative"):
        in_words(-1)


@pytest.mark.parametrize(
    ("number", "words"), [(0, "no AFIs"), (1, "one AFI"), (4, "four AFIs"), (14, "14 AFIs")]
)
def test_a_counted_thing_is_singular_only_for_one(number: int, words: str) -> None:
    assert counted(number, "AFI") == words


def test_a_plural_that_is_not_made_with_s_is_given() -> None:
    assert counted(2, "cause of concern", "causes of concern") == "two causes of concern"


@pytest.mark.parametrize(
    ("parts", "words"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")],
)
def test_a_list_ends_with_and(parts: list[str], words: str) -> None:
    assert listed(parts) == words


def test_only_the_first_letter_becomes_a_capital() -> None:
    assert capitalised("one AFI") == "One AFI"


def test_keys_are_positive_ascii_numbers_of_64_bits() -> None:
    sent = ["7", "007", str(2**63 - 1), str(2**63), "9" * 5_000, "0", "-1", "²", "٣", " 8", ""]

    assert keys_in(sent) == [7, 7, 2**63 - 1]
    assert keys_in([5]) == [5]
