"""Addresses of taking in a version of the framework, below /paf/import/."""

from django.urls import path

from portal.views import frameworks

app_name = "versions"
urlpatterns = [
    path("", frameworks.send, name="send"),
    path("<int:pk>/", frameworks.upload, name="upload"),
]
