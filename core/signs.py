"""Signs of text."""

import unicodedata

# Control and format characters, halves of pairs, private and unassigned ones.
_UNSHOWN = ("Cc", "Cf", "Cs", "Co", "Cn")


def shown(text: str) -> str:
    """Text without the signs of it that cannot be shown."""
    return "".join(sign for sign in text if unicodedata.category(sign) not in _UNSHOWN)
