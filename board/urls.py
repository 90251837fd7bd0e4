from django.urls import path, register_converter

from board.views import agenda, arising, decisions, items, meetings, reviews
from core.converters import DayConverter

register_converter(DayConverter, "day")

app_name = "board"
urlpatterns = [
    # Meetings
    path("", meetings.meetings, name="meetings"),
    # Agenda
    path("<day:day>/", agenda.meeting, name="meeting"),
    path("<day:day>/compile/", items.compile_now, name="compile"),
    path("<day:day>/add/", items.add, name="item_add"),
    path("<day:day>/deep-dive/", items.swap, name="deep_dive"),
    path("<day:day>/items/<int:pk>/edit/", items.edit, name="item_edit"),
    path("<day:day>/items/<int:pk>/notes/", items.notes, name="notes"),
    path("<day:day>/items/<int:pk>/remove/", items.remove, name="item_remove"),
    path("<day:day>/items/<int:pk>/restore/", items.restore, name="item_restore"),
    path("<day:day>/items/<int:pk>/up/", items.up, name="item_up"),
    # Internal reviews
    path("<day:day>/commission/", reviews.commission, name="commission"),
    # Decisions
    path("<day:day>/items/<int:pk>/approve/", decisions.approve, name="approve"),
    path(
        "<day:day>/items/<int:pk>/return/",
        decisions.with_reason,
        {"decision": "return"},
        name="return",
    ),
    path(
        "<day:day>/items/<int:pk>/defer/",
        decisions.with_reason,
        {"decision": "defer"},
        name="defer",
    ),
    # Actions arising
    path("<day:day>/items/<int:pk>/arising/", arising.add, name="arising_add"),
    path("arising/<int:pk>/", arising.arising, name="arising"),
    path("arising/<int:pk>/edit/", arising.edit, name="arising_edit"),
    path("arising/<int:pk>/done/", arising.done, name="arising_done"),
]
