"""How references, titles and texts are compared: without what people type differently."""

import unicodedata

_ALIKE = {
    **dict.fromkeys(map(ord, "‘’‚‛′`´"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″«»"), '"'),
    **dict.fromkeys(map(ord, "‐‑‒–—―−"), "-"),
    ord("…"): "...",
}


def plain(text: str) -> str:
    """A text with one kind of space, quote and dash."""
    if text.isascii():
        return " ".join(text.translate(_ALIKE).split())
    return " ".join(unicodedata.normalize("NFC", text).translate(_ALIKE).split())


def title_key(title: str) -> str:
    """A title or text without letter case, spaces, and kinds of quotes and dashes."""
    return plain(title).casefold()


def reference_key(reference: str) -> str:
    """A reference without letter case and spaces around it: “st-0001” is ST-0001."""
    return reference.strip().casefold()
