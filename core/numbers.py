"""Numbers in sentences: words up to nine, figures from ten, singular and plural."""

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
