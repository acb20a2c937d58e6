"""Addresses of devices and of a person's own page."""

from __future__ import annotations

from django.urls import path

from stationer.portal.access import views
from stationer.portal.access.pages import domains, factor, link_domain, roles, sitting

urlpatterns = [
    path("people/<str:member>/access/", roles.assign, name="member-access"),
    path("second-factor/", factor.page, name="second-factor"),
    path("myself/sessions/", sitting.page, name="sessions"),
    path("settings/domains/", domains.page, name="domains"),
    path("settings/links/", link_domain.page, name="link-domain"),
    path("roles/", roles.listing, name="roles"),
    path("roles/new/", roles.new, name="new-role"),
    path("roles/<str:role>/", roles.page, name="role"),
    path("myself/", views.myself, name="myself"),
    path("devices/", views.devices_page, name="devices"),
    path("devices/<str:device>/revoke/", views.revoke, name="revoke-device"),
    path("companies/", views.choose_pen, name="choose-pen"),
]
