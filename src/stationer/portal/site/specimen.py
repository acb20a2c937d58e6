"""The example mail of the style guide: the preview component shown with a block that nobody has to write."""

from __future__ import annotations

from django.http import HttpResponse

from stationer.portal.content.letter import POLICY, VIEWS, Shown, View, document

_FONT = "font-family:Arial,sans-serif"
SIGNATURE = (
    '<table role="presentation" border="0" cellpadding="0" cellspacing="0" width="100%"><tr>'
    '<td width="56" valign="top" align="center" bgcolor="#0e6e73" style="padding:14px 0 0 0;'
    f'background-color:#0e6e73;{_FONT};font-size:22px;line-height:28px;color:#ffffff;"><b>HD</b></td>'
    '<td valign="top" style="padding:8px 0 8px 16px;border-top:1px solid #0e6e73;border-bottom:1px solid #0e6e73;'
    f'{_FONT};font-size:14px;line-height:20px;color:#23303f;"><b>Dr Bob Hendry</b><br>'
    "Dentist, Falmouth practice<br>01632&nbsp;960&nbsp;142</td></tr></table>"
)
TEXT = "-- \nDr Bob Hendry\nDentist, Falmouth practice\n01632 960 142"

BY_NAME: dict[str, View] = {view: view for view in VIEWS}


def specimen(name: str) -> HttpResponse:
    """One view of the example. Raises KeyError for a view there is not."""
    blocks = [Shown("signature", SIGNATURE, TEXT)]
    body = document(BY_NAME[name], name="Bob Hendry", address="bob@harbourdental.example", blocks=blocks)
    return HttpResponse(body, headers={"Content-Security-Policy": POLICY})
