"""Where chat's long poll is, for networks that cut sockets."""

from django.urls import path

from chat.views import exchange

urlpatterns = [path("chat/exchange", exchange)]
