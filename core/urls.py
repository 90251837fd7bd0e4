"""Addresses that every list shares: saved views and column choices."""

from django.urls import path

from core import views

app_name = "lists"
urlpatterns = [
    path("views/", views.views, name="views"),
    path("views/add/", views.view_add, name="view_add"),
    path("views/<int:pk>/", views.view_open, name="view"),
    path("views/<int:pk>/change/", views.view_change, name="view_change"),
    path("views/<int:pk>/delete/", views.view_delete, name="view_delete"),
    path("columns/", views.columns, name="columns"),
]
