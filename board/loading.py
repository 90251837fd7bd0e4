"""The terms of reference from a document, version by version (paper, Appendix A)."""

import datetime as dt
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from board.models import TermsOfReference
from board.terms import CONTENT
from core.history import attribute
from inspections.choices import DatePrecision
from inspections.documents import read_document
from inspections.loading import DocumentNotUsable

_LISTS = ("purpose", "core_activities", "members")


@transaction.atomic
def load_terms(path: Path) -> Counter[str]:
    """Load versions of the terms of reference, the oldest first; safe to run again.

    A version that is there already is left as it is: what was approved is never changed, and a
    draft may have been written on.

    Args:
        path: of a document as `fixtures/terms-of-reference.json`.

    Returns:
        How many versions were made, and how many were there.

    Raises:
        CommandError: the file cannot be read.
        DocumentNotUsable: something is missing in it or is not what it should be.
    """
    done: Counter[str] = Counter()
    document = read_document(path)
    for each in document.get("versions", []):
        try:
            number, values = each["version"], _values(each)
        except (KeyError, ValueError, TypeError, AttributeError) as error:
            raise DocumentNotUsable(f"A version of the terms of reference: {error}.") from error
        if TermsOfReference.objects.filter(version=number).exists():
            done["there already"] += 1
            continue
        terms = TermsOfReference(version=number, **values)
        attribute(terms, None, "Terms of reference loaded")
        try:
            terms.full_clean()
        except ValidationError as error:
            raise DocumentNotUsable(f"Version {number}: {' '.join(error.messages)}") from error
        terms.save()
        done["made"] += 1
    return done


def _values(each: dict[str, Any]) -> dict[str, Any]:
    """The fields of a version; what it does not say stays empty."""
    approved = each.get("approved_on")
    values = {
        "status": each["status"],
        "dated_on": dt.date.fromisoformat(each["dated_on"]),
        "date_precision": DatePrecision(each.get("date_precision", DatePrecision.DAY)),
        "approved_on": dt.date.fromisoformat(approved) if approved else None,
        **{name: each[name] for name in CONTENT if name in each},
    }
    for name in _LISTS:
        sentences = values.get(name, [])
        if not isinstance(sentences, list) or not all(isinstance(one, str) for one in sentences):
            raise ValueError(f"“{name}” must be a list of sentences")
    return values
