from django.urls import path

from portal import views

app_name = "portal"
urlpatterns = [
    path("", views.imports, name="imports"),
]
