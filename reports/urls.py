from django.urls import path

from reports import views

app_name = "reports"
urlpatterns = [
    path("", views.reports, name="reports"),
    path("new/", views.new, name="new"),
    path("<int:pk>/", views.report, name="report"),
    path("<int:pk>/edit/", views.front, name="front"),
    path("<int:pk>/sections/<slug:key>/", views.section, name="section"),
    path("<int:pk>/paper.pdf", views.paper, name="paper"),
]
