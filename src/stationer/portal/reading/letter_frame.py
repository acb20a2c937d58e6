"""The document that a stranger's words stand in, and what it may do: show itself (contract/reading.md §5).

It is served from an address of its own and stands in `<iframe sandbox>`; opened by itself it is sandboxed just the
same, by its policy. A link opens another page, which is not bound by the sandbox; nothing else leaves.
"""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

#: What a frame round it, and the document itself, may do.
SANDBOX = "allow-popups allow-popups-to-escape-sandbox"
_STYLE = """
:root{color-scheme:%(scheme)s}
body{margin:0;padding:%(padding)s;font:16px/1.5 system-ui,"Segoe UI",Arial,sans-serif;overflow-wrap:anywhere}
p{margin:0 0 .75em}img{max-width:100%%;height:auto}table{max-width:100%%}pre{white-space:pre-wrap}
img:not([src]){width:auto!important;height:auto!important;font-style:italic}
@media (max-width:599px){body *{max-width:100%%!important;min-width:0!important}
body :not(img){width:auto!important}body [nowrap],body [style*=nowrap]{white-space:normal!important}
body img{max-width:calc(100vw - 24px)!important}}
blockquote{margin:0 0 .75em;padding-inline-start:.75em;border-inline-start:2px solid #9aa5b1}
mark{background:#fff3c4;color:#3d2c00;border-radius:2px;padding:0 .25em;font:13px/1.4 system-ui,Arial,sans-serif}
.ours{max-width:46rem;font-size:14px}.ours h1{margin:.25em 0 .5em;font:400 28px/1.2 Georgia,serif}
.ours .fine{font-size:12px;color:#555}
.ours th{text-align:start;vertical-align:top;padding-inline-end:1em;font-weight:600;overflow-wrap:normal}
.ours img{display:block;max-height:40px;width:auto}@media print{body{padding:0}}
hr.apart{border:0;border-top:1px solid #9aa5b1;margin:1em 0}
"""


def policy(*, remote: bool) -> str:
    """The Content-Security-Policy of the document. `remote`: whether pictures of other servers were asked for."""
    pictures = "data: https: http:" if remote else "data:"
    return (
        f"sandbox {SANDBOX}; default-src 'none'; img-src {pictures}; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


def headers(*, remote: bool) -> dict[str, str]:
    """What the document is served with."""
    return {
        "Content-Security-Policy": policy(remote=remote),
        "Content-Type": "text/html; charset=utf-8",
        "X-Content-Type-Options": "nosniff",
        "X-DNS-Prefetch-Control": "off",
        "Referrer-Policy": "no-referrer",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }


def document(
    html: str, *, title: str, language: str, white: bool, theme: str = "", sheet: bool = False
) -> SafeString:
    """The whole document round cleaned HTML. `white`: it needs a white sheet; otherwise it follows the reader's theme,
    light or dark, or that of their machine. `sheet`: it is a page by itself."""
    scheme = "light" if white else {"light": "light", "dark": "dark"}.get(theme, "light dark")
    padding = "clamp(12px,4vw,32px)" if sheet else "12px" if white else "0"
    style = _STYLE % {"scheme": scheme, "padding": padding}
    return format_html(
        '<!doctype html><html lang="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<title>{}</title><style>{}</style></head><body>{}</body></html>",
        language,
        title,
        mark_safe(style),
        mark_safe(html),
    )
