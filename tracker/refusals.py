"""What the workflow refuses, told on the form that asked for it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from django import forms

from core.kinds import UploadRefused
from core.refused import told_on
from tracker.workflow import Refused


@contextmanager
def refusals_on(
    form: forms.BaseForm, *, file: str | None = None, names: Mapping[str, str] | None = None
) -> Iterator[None]:
    """Turn a refusal of the step within into an error of the form, beside the field it is about.

    Args:
        form: bound and valid.
        file: the field of a file that comes with the step.
        names: the fields of the form that are called otherwise than the step calls them.
    """
    with told_on(form):
        try:
            yield
        except Refused as refusal:
            field = (names or {}).get(refusal.field, refusal.field)
            form.add_error(field if field in form.fields else None, str(refusal))
        except UploadRefused as refusal:
            form.add_error(file, str(refusal))
