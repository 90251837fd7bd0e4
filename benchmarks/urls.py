"""The portal's addresses, and Django admin's list of actions beside them."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import path

from config.urls import urlpatterns as portal
from core.access import library_rules, signed_in
from core.dates import today
from tracker.models import Action


class ActionAdmin(admin.ModelAdmin):
    """The columns that the portal's list shows first, made from the same annotations."""

    list_display = (
        "reference",
        "text",
        "publication",
        "level_at",
        "stage_at",
        "executive_lead_at",
        "delivery_lead_at",
        "confidence_at",
        "due_on",
    )
    list_filter = ("kind", "scope", "question", "publication")
    list_select_related = ("publication",)
    search_fields = ("search_text",)
    list_per_page = 50
    ordering = ("reference",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Action]:
        user: Any = request.user
        return Action.objects.visible_to(user).live(today()).with_position(today())


def _column(name: str) -> Any:
    def value(self: ActionAdmin, action: Action) -> Any:
        return getattr(action, name)

    return value


for _name in ActionAdmin.list_display[3:]:
    setattr(ActionAdmin, _name, _column(_name))

site = admin.AdminSite()
site.register(Action, ActionAdmin)
library_rules["admin:tracker_action_changelist"] = signed_in
urlpatterns = [path("admin/", site.urls), *portal]
