from django.urls import path, register_converter

from board.views import agenda, calendar, meetings, people, terms
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
]
