"""How our forms become HTML: GOV.UK markup through Django's own form rendering.

`GovukRenderer` is the renderer of every form based on `core.forms`; forms of libraries keep
Django's. It replaces the few widget templates whose markup GOV.UK does differently and leaves the
rest alone, so any stock widget works. `GovukBoundField` adds classes, ids and descriptions.
"""

from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.forms.widgets import Input
from django.template.loader import get_template
from django.utils.functional import cached_property

_OURS = {
    "django/forms/widgets/radio.html": "govuk/radios.html",
    "django/forms/widgets/checkbox_select.html": "govuk/checkboxes.html",
    "django/forms/widgets/password.html": "govuk/password.html",
    "django/forms/widgets/clearable_file_input.html": "govuk/file.html",
}
# Only the first that fits counts, so the more special widget stands before the one it is based on.
_CLASSES: tuple[tuple[type[forms.Widget], str], ...] = (
    (forms.CheckboxSelectMultiple, "checkboxes"),
    (forms.RadioSelect, "radios"),
    (forms.CheckboxInput, "checkboxes"),
    (forms.FileInput, "file-upload"),
    (forms.Select, "select"),
    (forms.Textarea, "textarea"),
    (Input, "input"),
)


class GovukRenderer(BaseRenderer):
    """Templates under templates/govuk/ for forms, fields, some widgets; Django's for the rest."""

    form_template_name = "govuk/form.html"
    field_template_name = "govuk/field.html"

    @cached_property
    def _stock(self) -> DjangoTemplates:
        return DjangoTemplates()

    def get_template(self, template_name: str) -> Any:
        ours = _OURS.get(template_name, template_name)
        if ours.startswith("govuk/"):
            return get_template(ours)
        return self._stock.get_template(template_name)


class GovukBoundField(BoundField):
    """A field with what GOV.UK markup needs to know about it."""

    @cached_property
    def component(self) -> str:
        """The GOV.UK component that the widget is shown as, such as "radios"; "" for others."""
        for widget, name in _CLASSES:
            if isinstance(self.field.widget, widget):
                return name
        return ""

    @property
    def is_one_checkbox(self) -> bool:
        return isinstance(self.field.widget, forms.CheckboxInput)

    @property
    def limit(self) -> int | None:
        """Characters that a long text may have, where there is a limit: shown as a count."""
        if self.component != "textarea":
            return None
        length: int | None = getattr(self.field, "max_length", None)
        return length

    @property
    def shown_label(self) -> str:
        """The label, with "(optional)" where the field may stay empty.

        A field that is one of several ways to give the same has `one_of_several`: what is optional
        is then said by the form, not beside each of them.
        """
        needed = self.field.required or getattr(self.field, "one_of_several", False)
        if not needed and not self.is_one_checkbox and self.label:
            return f"{self.label} (optional)"
        return str(self.label)

    @property
    def focus_id(self) -> str:
        """Where a link to this field must lead: the first choice of several, else the field."""
        base = self.field.widget.attrs.get("id") or self.auto_id
        several = self.component in ("radios", "checkboxes") and not self.is_one_checkbox
        return f"{base}_0" if several and base else str(base)

    @property
    def aria_describedby(self) -> str:
        """Ids of hint, error and character count, in the order in which they are shown."""
        if not self.auto_id or self.is_hidden:
            return ""
        ids = []
        if self.help_text:
            ids.append(f"{self.auto_id}_hint")
        if self.errors:
            ids.append(f"{self.auto_id}_error")
        if self.limit:
            # The script of the character count looks for an id of this form.
            ids.append(f"{self.auto_id}-info")
        return " ".join(ids)

    def build_widget_attrs(
        self, attrs: dict[str, Any], widget: forms.Widget | None = None
    ) -> dict[str, Any]:
        built = super().build_widget_attrs(attrs, widget)
        used = widget or self.field.widget
        if used.is_hidden or not self.component:
            return built
        if self.component in ("radios", "checkboxes"):
            classes = [f"govuk-{self.component}__input"]
        else:
            classes = [f"govuk-{self.component}"]
            if self.errors:
                classes.append(f"govuk-{self.component}--error")
            if self.limit:
                classes.append("govuk-js-character-count")
        if isinstance(used, forms.PasswordInput):
            # By these the script of the show button finds its field.
            classes += ["govuk-password-input__input", "govuk-js-password-input-input"]
        if own := used.attrs.get("class"):
            classes.append(own)
        return {**built, "class": " ".join(classes)}
