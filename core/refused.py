"""What a rule or the database refuses, told on the form that asked for it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError

_FASTER = (
    "Somebody has just saved the same, or something that does not go together with this. Nothing "
    "of yours was saved: look at what is there now, then try again."
)


@contextmanager
def told_on(form: forms.BaseForm, field: str | None = None) -> Iterator[None]:
    """Turn a refusal of the writing within into errors of the form.

    Two people who save the same at once both pass the form's own questions; one of them is
    refused by the rule, or by the database itself.

    Args:
        form: bound and valid.
        field: where an error stands that names none of the form's own fields.
    """
    try:
        yield
    except ValidationError as error:
        by_field = error.message_dict if hasattr(error, "error_dict") else {field: error.messages}
        for name, messages in by_field.items():
            form.add_error(name if name in form.fields else field, messages)
    except IntegrityError:
        form.add_error(None, _FASTER)
