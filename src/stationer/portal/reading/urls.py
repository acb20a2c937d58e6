"""Addresses of reading: a message's own, below /m/, and the contacts of a PEN."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
