"""Addresses of FIVES: pieces of evidence, and the files of those that are files."""

from django.urls import path

from evidence import views
from evidence.views_listing import EvidenceListPage

app_name = "evidence"
urlpatterns = [
    path("", EvidenceListPage.as_view(), name="items"),
    path("add/", views.add, name="add"),
    path("<int:pk>/", views.item, name="item"),
    path("<int:pk>/version/", views.version, name="add_version"),
    path("files/<int:pk>/", views.file, name="file"),
]
