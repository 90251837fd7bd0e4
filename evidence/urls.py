"""Addresses of FIVES: pieces of evidence, and the files of those that are files."""

from django.urls import path

from evidence.views import added, adding, editing, files, items
from evidence.views.listing import EvidenceListPage

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
    path("files/<int:pk>/", files.file, name="file"),
    path("files/<int:pk>/preview/", files.preview, name="preview"),
]
