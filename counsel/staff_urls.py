"""Where the staff door is."""

from django.conf import settings
from django.urls import path

from counsel import views

urlpatterns = [
    path("api/csrf", views.csrf),
    path("api/sign-in", views.sign_in),
    path("api/sign-out", views.sign_out),
    path("api/me", views.me),
    path("api/certify", views.certify),
]
if settings.UNSAFE_BENCH_KEY:
    urlpatterns.append(path("api/unsafe-bench-sign-in", views.unsafe_bench_sign_in))
