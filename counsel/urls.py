"""Every address Django answers. Pages and assets are files (counsel/pages.py), not views."""

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from counsel.answers import refusal
from counsel.errors import AccessError, CounselError, WireError

urlpatterns = [
    path("", include("triage.urls")),
    path("", include("chat.urls")),
    path("", include("counsel.staff_urls")),
]


def refuse_bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Django found something suspicious."""
    return refusal(WireError("suspicious"))


def refuse_absent(request: HttpRequest, exception: Exception) -> HttpResponse:
    """No such address; forbidden looks the same."""
    return refusal(AccessError("no such address"))


def refuse_ours(request: HttpRequest) -> HttpResponse:
    """A mistake of ours. The log says where, the answer does not."""
    return refusal(CounselError("our mistake"))


handler400 = refuse_bad_request
handler403 = handler404 = refuse_absent
handler500 = refuse_ours
