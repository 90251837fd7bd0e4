"""What words in a spreadsheet mean here: asked once for a purpose, then remembered."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from core.history import attribute
from people.models import User
from portal.models import Meaning, Purpose

# As much as is kept of a word.
WORD_LENGTH = 400


def word_key(text: str) -> str:
    """A word without letter case, double and non-breaking spaces."""
    return " ".join(text.replace("\xa0", " ").split()).casefold()[:WORD_LENGTH]


def word_text(text: str) -> str:
    """A word as it is shown: as it was written, with single spaces, and not too long."""
    return " ".join(text.replace("\xa0", " ").split())[:WORD_LENGTH]


def meanings_of(purpose: str) -> dict[tuple[str, str], str]:
    """Every word that is remembered for a purpose.

    Returns:
        (field, word key) -> a word that the field's reader knows; "" where the cell is read as
        empty.
    """
    known = Meaning.objects.filter(purpose=purpose)
    return {
        (field, said): meant for field, said, meant in known.values_list("field", "said", "meant")
    }


@transaction.atomic
def remember(
    purpose: Purpose, meant: Mapping[tuple[str, str], str], *, actor: User | None
) -> list[Meaning]:
    """Keep what words mean; a word that has a meaning already gets the new one.

    Args:
        purpose: for whose spreadsheets.
        meant: (field, word as it is written) -> a word that the field's reader knows, or "" for
            nothing.
        actor: who says so; None for a command.

    Returns:
        The meanings that are new or say something else now.

    Raises:
        ValidationError: a word or a meaning is too long to be kept.
    """
    wanted = {
        (field, word_key(word)): (word, to) for (field, word), to in meant.items() if word_key(word)
    }
    known = {
        (each.field, each.said): each
        for each in Meaning.objects.select_for_update().filter(
            purpose=purpose,
            field__in={field for field, _ in wanted},
            said__in={said for _, said in wanted},
        )
    }
    kept = []
    for (field, said), (word, to) in wanted.items():
        meaning = known.get((field, said)) or Meaning(purpose=purpose, field=field, said=said)
        if meaning.pk and meaning.meant == to:
            continue
        meaning.written = word_text(word)
        meaning.meant, meaning.recorded_by, meaning.recorded_at = to, actor, timezone.now()
        attribute(meaning, actor, "Said when a spreadsheet was set up")
        meaning.full_clean()
        meaning.save()
        kept.append(meaning)
    return kept


@transaction.atomic
def forget(meaning: Meaning, *, actor: User) -> None:
    """Ask for a word again from now on; what was imported with it stays as it is."""
    locked = Meaning.objects.select_for_update().filter(pk=meaning.pk).first()
    if locked is None:
        return
    attribute(locked, actor, "Forgotten")
    locked.delete()
