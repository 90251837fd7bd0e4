"""What words mean here that no reader knows by itself: asked once and remembered."""

from portal.models import Meaning


def word_key(text: str) -> str:
    """A word without what people type differently: letter case and spaces."""
    return " ".join(text.replace("\xa0", " ").split()).casefold()


def meanings_of(purpose: str) -> dict[tuple[str, str], str]:
    """(field, word key) -> the word that the field's reader knows; "" for an empty cell."""
    found = Meaning.objects.filter(purpose=purpose).values_list("field", "said", "meant")
    return {(field, said): meant for field, said, meant in found}
