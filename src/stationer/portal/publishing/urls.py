"""The address of the Publish page."""

from __future__ import annotations

from django.urls import path

from stationer.portal.publishing import views

urlpatterns = [path("publish/", views.page, name="publish")]
