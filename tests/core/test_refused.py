"""Refusals of rules and of the database, told on the form that asked."""

from django import forms
from django.core.exceptions import ValidationError
from django.db import IntegrityError

from core.refused import told_on


class Asked(forms.Form):
    name = forms.CharField()


def bound() -> Asked:
    form = Asked({"name": "A name"})
    assert form.is_valid()
    return form


def test_what_goes_well_leaves_no_error() -> None:
    form = bound()
    with told_on(form):
        pass
    assert not form.errors


def test_an_error_stands_at_the_field_it_names_and_others_where_they_are_sent() -> None:
    form = bound()
    with told_on(form):
        raise ValidationError({"name": "Taken.", "elsewhere": "Odd."})
    assert form.errors == {"name": ["Taken."], "__all__": ["Odd."]}
    form = bound()
    with told_on(form, "name"):
        raise ValidationError("There is one already.")
    assert form.errors == {"name": ["There is one already."]}


def test_who_was_a_moment_too_late_is_told_so() -> None:
    form = bound()
    with told_on(form):
        raise IntegrityError("UNIQUE constraint failed")
    assert "Somebody has just saved the same" in form.errors["__all__"][0]
