from django.urls import path, register_converter

from board.views import agenda, deep_dive, exceptions, meetings
from core.converters import DayConverter

register_converter(DayConverter, "day")

app_name = "board"
urlpatterns = [
    # Meetings
    path("", meetings.meetings, name="meetings"),
    # Agenda
    path("<day:day>/", agenda.meeting, name="meeting"),
    # Exceptions
    path("<day:day>/exceptions/", exceptions.exceptions, name="exceptions"),
    # Deep dive
    path("<day:day>/deep-dive/<int:number>/", deep_dive.question, name="deep_dive"),
]
