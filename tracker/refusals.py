"""What the workflow refuses, told on the form that asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms

from core.refused import told_on
from tracker.workflow import Refused


@contextmanager
def refusals_on(form: forms.BaseForm, field: str | None = None) -> Iterator[None]:
    """Turn a refusal of the step within into an error of the form, beside the field it is about.

    Args:
        form: bound and valid.
        field: where an error stands that names none of the form's own fields.
    """
    with told_on(form, field):
        try:
            yield
        except Refused as refusal:
            form.add_error(refusal.field if refusal.field in form.fields else field, str(refusal))
