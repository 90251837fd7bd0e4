"""What was carried over along a mapping before somebody changes it.

A copy that stands, or a record that was moved, would be counted where the mapping no longer leads:
so a counterpart that something was carried to stays a counterpart.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from inspections.models import Characteristic, CoreQuestion, Framework

if TYPE_CHECKING:
    from inspections.mapping import Part


def reason_of(old: Framework, new: Framework) -> str:
    """What the history says of everything that is carried from one version to another."""
    return f"Carried over from {old.version} to {new.version}"


def why_it_stays(
    old: Framework, new: Framework, part: "Part", was: "Sequence[Part]", wanted: "Sequence[Part]"
) -> str:
    """Why a part cannot become something else now; "" where it can.

    Args:
        old, new: the frameworks.
        part: of the old framework.
        was: its counterparts so far.
        wanted: those it is to have.
    """
    if isinstance(part.record, Characteristic):
        for gone in (each for each in was if each not in wanted):
            if _copied(part.record, gone.record):
                return (
                    f"What stands on {part.code} was copied to {gone.code} already, and would "
                    f"count under both. Keep {gone.code}; you can add codes. What is wrong on "
                    f"{gone.code} is put right there: take evidence off, or assess it anew."
                )
    if (
        isinstance(part.record, CoreQuestion)
        and was
        and was[0] not in wanted[:1]
        and _moved(was[0].record, reason_of(old, new))
    ):
        return (
            f"What was of question area {part.code} was moved to {was[0].code} already, and "
            f"stays there. Keep {was[0].code} first; you can add codes after it. What belongs "
            "elsewhere is given its question area on its own page."
        )
    return ""


def _copied(old: Characteristic, new: Characteristic) -> bool:
    """Whether anything of any room on a characteristic is a copy of what is on an older one."""
    for relation in Characteristic._meta.related_objects:
        model: Any = relation.related_model
        if any(field.name == "carried_from" for field in model._meta.fields):
            copies = model._base_manager.filter(
                characteristic=new, carried_from__characteristic=old
            )
            if any(field.name == "removed_at" for field in model._meta.fields):
                copies = copies.filter(removed_at=None)
            if copies.exists():
                return True
    return False


def _moved(question: CoreQuestion, reason: str) -> bool:
    """Whether anything of any room was carried to a question area that is still of it."""
    for relation in CoreQuestion._meta.related_objects:
        model: Any = relation.related_model
        if not hasattr(model, "history") or relation.field.name != "question":
            continue
        carried = model.history.filter(question=question, history_change_reason=reason)
        if model._base_manager.filter(pk__in=carried.values("id"), question=question).exists():
            return True
    return False
