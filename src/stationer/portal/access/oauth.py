"""The addresses of RFC 8628 that devices enrol by (contract/http.md §4). Nothing else of the toolkit is reachable."""

from __future__ import annotations

from django.urls import URLPattern, path

from stationer.portal.access import enrolling

app_name = "oauth2_provider"

urlpatterns: list[URLPattern] = [
    path("device-authorization/", enrolling.AuthorizationView.as_view(), name="device-authorization"),
    path("token/", enrolling.TokenView.as_view(), name="token"),
    path("device/", enrolling.UserCodeView.as_view(), name="device"),
    path(
        "device-confirm/<slug:client_id>/<slug:user_code>",
        enrolling.AgreeView.as_view(),
        name="device-confirm",
    ),
    path(
        "device-grant-status/<slug:client_id>/<slug:user_code>",
        enrolling.StatusView.as_view(),
        name="device-grant-status",
    ),
]
