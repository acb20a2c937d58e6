"""Addresses of this app."""

from django.urls import path

from stationer.portal.notices import discovery

urlpatterns = [
    path(".well-known/stationer/<str:pen>", discovery.descriptor, name="pen-descriptor"),
]
