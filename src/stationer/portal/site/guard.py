"""Headers of every answer that are not the page's own affair: no copies of private pages, no powers for scripts."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

from stationer.portal.site.health import requests


class GuardMiddleware:
    """`Cache-Control: no-store` unless the view said otherwise; `Permissions-Policy`; cleared storage at sign-out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        requests.add(1, f"{response.status_code // 100}xx")
        response.headers.setdefault("Cache-Control", "no-store")
        response.headers.setdefault("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        if request.method == "POST" and request.path == "/accounts/logout/":
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response
