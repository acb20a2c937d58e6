"""Pages speak the reader's language; programs are answered in English, whatever they accept (contract/http.md)."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.middleware.locale import LocaleMiddleware
from django.utils import translation

from stationer.portal.site.refusals import for_programs


class LanguageMiddleware(LocaleMiddleware):
    """As Django's own, but below /api/ nothing asks which language is wanted."""

    def process_request(self, request: HttpRequest) -> None:
        if for_programs(request):
            translation.activate(settings.LANGUAGE_CODE)
            request.LANGUAGE_CODE = settings.LANGUAGE_CODE
        else:
            super().process_request(request)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if not for_programs(request):
            return super().process_response(request, response)
        response.headers.setdefault("Content-Language", settings.LANGUAGE_CODE)
        return response
