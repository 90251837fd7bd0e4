from django.urls import path

from reports import process_views

urlpatterns = [path("", process_views.process, name="process")]
