"""Addresses of this app."""

from django.urls import path

from stationer.portal.reputation import views

urlpatterns = [
    path("settings/sending/", views.sending, name="sending"),
    path("settings/sending/<str:domain>/", views.domain, name="sending-domain"),
]
