"""How references and titles are compared: without what people type differently."""

_ALIKE = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "\xa0": " "})


def title_key(title: str) -> str:
    """A title or text without letter case, spaces, and kinds of quotes and dashes."""
    return " ".join(title.translate(_ALIKE).split()).casefold()


def reference_key(reference: str) -> str:
    """A reference without letter case: “st-0001” is ST-0001."""
    return reference.casefold()
