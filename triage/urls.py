"""What anybody may fetch about the service as it is right now."""

from django.urls import path

from triage.views import now

urlpatterns = [path("now.json", now)]
