"""Addresses of FIVES: pieces of evidence, and the files of those that are files."""

from django.urls import path

from evidence.views import added, adding, editing, files, items, linking, meetings, practice
from evidence.views.listing import EvidenceListPage
from evidence.views.practice_list import PracticeListPage

app_name = "evidence"
urlpatterns = [
    path("", EvidenceListPage.as_view(), name="items"),
    path("add/", adding.add, name="add"),
    path("added/", added.added, name="added"),
    path("<int:pk>/", items.item, name="item"),
    path("<int:pk>/edit/", editing.edit, name="edit"),
    path("<int:pk>/version/", editing.version, name="add_version"),
    path("<int:pk>/withdraw/", editing.withdraw_item, name="withdraw"),
    path("<int:pk>/restore/", editing.restore_item, name="restore"),
    path("<int:pk>/link-instead/", added.link_kept, name="link_instead"),
    path("<int:pk>/characteristics/", linking.areas, name="link_areas"),
    path(
        "<int:pk>/characteristics/<int:number>/",
        linking.characteristics,
        name="link_characteristics",
    ),
    path("links/<int:pk>/remove/", linking.remove, name="unlink"),
    path("links/<int:pk>/confirm/", linking.confirm_link, name="confirm_link"),
    path("files/<int:pk>/", files.file, name="file"),
    path("files/<int:pk>/preview/", files.preview, name="preview"),
    path("meetings/", meetings.meetings, name="meetings"),
    path("meetings/add/", meetings.add, name="meeting_add"),
    path("meetings/<int:pk>/", meetings.meeting, name="meeting"),
    path("meetings/<int:pk>/change/", meetings.change, name="meeting_change"),
    path("meetings/<int:pk>/end/", meetings.end, name="meeting_end"),
    path("meetings/<int:pk>/remind/", meetings.remind, name="meeting_remind"),
    path(
        "meetings/<int:pk>/remind/<int:user>/stop/",
        meetings.stop_reminding,
        name="stop_reminding",
    ),
    path("meetings/<int:pk>/nothing/", meetings.nothing_to_keep, name="nothing_to_keep"),
    path("good-practice/", PracticeListPage.as_view(), name="practices"),
    path("good-practice/add/", practice.add, name="practice_add"),
    path("good-practice/<int:pk>/", practice.practice, name="practice"),
    path("good-practice/<int:pk>/change/", practice.change, name="practice_change"),
    path("good-practice/<int:pk>/take-up/", practice.take_up, name="practice_take_up"),
]
