"""Every address of the portal: health, sign-in, enrolling, pictures, the API, and the pages (`site.pages`)."""

from __future__ import annotations

from django.urls import include, path

from stationer.portal.site import health

handler400 = "stationer.portal.site.refusals.bad_request"
handler403 = "stationer.portal.site.refusals.forbidden"
handler404 = "stationer.portal.site.refusals.not_found"
handler500 = "stationer.portal.site.refusals.fault"

urlpatterns = [
    path("livez", health.livez, name="livez"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.prometheus, name="metrics"),
    path("accounts/", include("allauth.urls")),
    path("o/", include("stationer.portal.access.oauth")),
    path("", include("stationer.portal.site.pages")),
]
