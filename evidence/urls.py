"""Addresses of FIVES: pieces of evidence, and the files of those that are files."""

from django.urls import path

from evidence import linking_views, views

app_name = "evidence"
urlpatterns = [
    path("", views.items, name="items"),
    path("add/", views.add, name="add"),
    path("<int:pk>/", views.item, name="item"),
    path("<int:pk>/version/", views.version, name="add_version"),
    path("<int:pk>/characteristics/", linking_views.areas, name="link_areas"),
    path(
        "<int:pk>/characteristics/<int:number>/",
        linking_views.characteristics,
        name="link_characteristics",
    ),
    path("links/<int:pk>/remove/", linking_views.remove, name="unlink"),
    path("links/<int:pk>/confirm/", linking_views.confirm_link, name="confirm_link"),
    path("files/<int:pk>/", views.file, name="file"),
]
