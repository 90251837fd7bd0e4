"""Addresses of FIVES: pieces of evidence, and the files of those that are files."""

from django.urls import path

from evidence import meeting_views, practice_views, views
from evidence.practice_list import PracticeListPage

app_name = "evidence"
urlpatterns = [
    path("", views.items, name="items"),
    path("add/", views.add, name="add"),
    path("<int:pk>/", views.item, name="item"),
    path("<int:pk>/version/", views.version, name="add_version"),
    path("files/<int:pk>/", views.file, name="file"),
    path("meetings/", meeting_views.meetings, name="meetings"),
    path("meetings/add/", meeting_views.add, name="meeting_add"),
    path("meetings/<int:pk>/", meeting_views.meeting, name="meeting"),
    path("meetings/<int:pk>/change/", meeting_views.change, name="meeting_change"),
    path("meetings/<int:pk>/end/", meeting_views.end, name="meeting_end"),
    path("meetings/<int:pk>/remind/", meeting_views.remind, name="meeting_remind"),
    path(
        "meetings/<int:pk>/remind/<int:user>/stop/",
        meeting_views.stop_reminding,
        name="stop_reminding",
    ),
    path("meetings/<int:pk>/nothing/", meeting_views.nothing_to_keep, name="nothing_to_keep"),
    path("good-practice/", PracticeListPage.as_view(), name="practices"),
    path("good-practice/add/", practice_views.add, name="practice_add"),
    path("good-practice/<int:pk>/", practice_views.practice, name="practice"),
    path("good-practice/<int:pk>/change/", practice_views.change, name="practice_change"),
    path("good-practice/<int:pk>/take-up/", practice_views.take_up, name="practice_take_up"),
]
