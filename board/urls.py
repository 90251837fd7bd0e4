from django.urls import path, register_converter

from board.views import (
    agenda,
    arising,
    calendar,
    closing,
    decisions,
    deep_dive,
    exceptions,
    items,
    meetings,
    pack,
    people,
    reviews,
    terms,
)
from core.converters import DayConverter

register_converter(DayConverter, "day")

app_name = "board"
urlpatterns = [
    # Meetings
    path("", meetings.meetings, name="meetings"),
    path("plan/", meetings.plan, name="plan"),
    path("series/", meetings.series, name="series"),
    path("<day:day>/change/", meetings.change, name="change"),
    path("<day:day>/cancel/", meetings.cancel, name="cancel"),
    path("<day:day>/attendance/", people.attendance, name="attendance"),
    path("<day:day>/apologies/", people.apologies, name="apologies"),
    path("<day:day>/deputy/", people.deputy, name="deputy"),
    path("<day:day>/deputy/<int:pk>/end/", people.deputy_end, name="deputy_end"),
    # Terms of reference
    path("terms/", terms.terms, name="terms"),
    path("terms/new/", terms.new, name="terms_new"),
    path("terms/<str:version>/", terms.version, name="terms_version"),
    path("terms/<str:version>/edit/", terms.edit, name="terms_edit"),
    path("terms/<str:version>/approve/", terms.approve, name="terms_approve"),
    # Calendars
    path("calendar/", calendar.calendar, name="calendar"),
    path("feed/<str:token>.ics", calendar.feed, name="feed"),
    path("<day:day>/meeting.ics", calendar.ics, name="ics"),
    # Agenda
    path("<day:day>/", agenda.meeting, name="meeting"),
    path("<day:day>/compile/", items.compile_now, name="compile"),
    path("<day:day>/add/", items.add, name="item_add"),
    path("<day:day>/deep-dive/", items.swap, name="swap"),
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
    # Exceptions
    path("<day:day>/exceptions/", exceptions.exceptions, name="exceptions"),
    # Pack
    path("<day:day>/pack.pdf", pack.pack, name="pack"),
    path("<day:day>/close/", closing.close, name="close"),
    # Deep dive
    path("<day:day>/deep-dive/<int:number>/", deep_dive.question, name="deep_dive"),
]
