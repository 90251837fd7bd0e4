"""Addresses of inspections; one inspection with its actions is a page of StART."""

from django.urls import path

from inspections.views import calendar, grades, listing, monitoring, phases, programme

app_name = "inspections"
urlpatterns = [
    path("", listing.inspections, name="inspections"),
    path("add/", listing.add, name="add"),
    path("<int:pk>/phases/add/", phases.add_phase, name="add_phase"),
    path("phases/<int:pk>/edit/", phases.change_phase, name="change_phase"),
    path("phases/<int:pk>/remove/", phases.remove_phase, name="remove_phase"),
    path("<int:pk>/expected/add/", phases.add_expectation, name="add_expectation"),
    path("expected/<int:pk>/edit/", phases.change_expectation, name="change_expectation"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/address/", calendar.address, name="calendar_address"),
    path("feed/<str:token>.ics", calendar.feed, name="feed"),
    path("programme/", programme.programme, name="programme"),
    path("programme/add/", programme.add, name="add_programme"),
    path("programme/<int:pk>/edit/", programme.change, name="change_programme"),
    path("programme/<int:pk>/add/", programme.add_planned, name="add_planned"),
    path("programme/subjects/<int:pk>/edit/", programme.change_planned, name="change_planned"),
    path("grades/", grades.grades, name="grades"),
    path("grades/<slug:slug>/", grades.record, name="record_grades"),
    path("monitoring/", monitoring.monitoring, name="monitoring"),
    path("monitoring/schemes/add/", monitoring.scheme, name="add_scheme"),
    path("monitoring/stage/", monitoring.stage, name="begin_stage"),
    path("monitoring/<int:pk>/edit/", monitoring.correct, name="correct_stage"),
]
