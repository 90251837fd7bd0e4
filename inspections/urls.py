from django.urls import path

from inspections import views

app_name = "inspections"
urlpatterns = [
    path("publications/", views.publications, name="publications"),
    path("publications/<slug:slug>/", views.publication, name="publication"),
    path("paf/", views.frameworks, name="frameworks"),
    path("paf/<str:version>/<int:number>/", views.question, name="question"),
]
