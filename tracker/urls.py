from django.urls import path

from tracker import views

app_name = "tracker"
urlpatterns = [
    path("", views.actions, name="actions"),
    path("<str:reference>/", views.action, name="action"),
]
