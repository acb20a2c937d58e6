"""Addresses of sign-in providers."""

from __future__ import annotations

from django.urls import path

from stationer.portal.providers.views import entering, leaving, owning, without

urlpatterns = [
    path("sign-in/", entering.company, name="company-sign-in"),
    path("sign-in/emergency/", without.without, name="emergency"),
    path("sign-in/left/", leaving.left, name="sign-in-left"),
    path("sign-in/<str:provider>/", entering.begin, name="sign-in-begin"),
    path("sign-in/<str:provider>/back/", entering.back, name="sign-in-back"),
    path("sign-in/<str:provider>/acs/", entering.acs, name="sign-in-acs"),
    path("sign-in/<str:provider>/done/", entering.done, name="sign-in-done"),
    path("sign-in/<str:provider>/metadata/", entering.metadata, name="sign-in-metadata"),
    path("settings/sign-in/", owning.listing, name="providers"),
    path("settings/sign-in/new/", owning.new, name="new-provider"),
    path("settings/sign-in/codes/", owning.codes, name="emergency-codes"),
    path("settings/sign-in/<str:provider>/", owning.page, name="provider"),
    path("settings/sign-in/<str:provider>/server/", owning.server, name="provider-server"),
    path("settings/sign-in/<str:provider>/claims/", owning.claims, name="provider-claims"),
]
