from django.urls import path, register_converter

from board.views import agenda, closing, deep_dive, exceptions, meetings, pack
from core.converters import DayConverter

register_converter(DayConverter, "day")

app_name = "board"
urlpatterns = [
    # Meetings
    path("", meetings.meetings, name="meetings"),
    # Agenda
    path("<day:day>/", agenda.meeting, name="meeting"),
    # Pack
    path("<day:day>/pack.pdf", pack.pack, name="pack"),
    path("<day:day>/close/", closing.close, name="close"),
    # Exceptions
    path("<day:day>/exceptions/", exceptions.exceptions, name="exceptions"),
    # Deep dive
    path("<day:day>/deep-dive/<int:number>/", deep_dive.question, name="deep_dive"),
]
