"""Numbers: in sentences (words up to nine, figures from ten), and keys that an address names."""

from collections.abc import Iterable

_WORDS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def in_words(number: int) -> str:
    """no, one, ... nine, 10, 11, ... 1,200.

    Raises:
        ValueError: the number is negative.
    """
    if number < 0:
        raise ValueError("A count cannot be negative.")
    return _WORDS[number] if number < len(_WORDS) else f"{number:,}"


def counted(number: int, thing: str, things: str | None = None) -> str:
    """ "one recommendation", "four recommendations", "no recommendations".

    Args:
        number: how many.
        thing: the noun for one.
        things: the noun for none or several, when it is not the first with an s.
    """
    return f"{in_words(number)} {thing if number == 1 else things or thing + 's'}"


def listed(parts: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def capitalised(sentence: str) -> str:
    """The sentence with a capital first letter, the rest as it is."""
    return sentence[:1].upper() + sentence[1:]


def mid_sentence(words: str) -> str:
    """Words as they stand within a sentence: "Title" becomes "title", "PAF area" stays."""
    return words if words[1:2].isupper() else words[:1].lower() + words[1:]


# The largest key that the database holds.
_LARGEST = 2**63 - 1


def key_in(text: object) -> int | None:
    """The key of a record that somebody sent; None for what can be none.

    Args:
        text: as it came with an address or a form.
    """
    digits = str(text)
    if not (digits.isascii() and digits.isdigit() and len(digits) <= len(str(_LARGEST))):
        return None
    key = int(digits)
    return key if 0 < key <= _LARGEST else None


def keys_in(texts: Iterable[object]) -> list[int]:
    """The keys among what somebody sent; what can be none is left out."""
    return [key for key in map(key_in, texts) if key is not None]
