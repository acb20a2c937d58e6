"""Rules on HTML elements: each client's own mark of where the quote begins. Values, one a client and a mark.

Clients put a prefix before ids and classes when they quote one another (`x_`, `m_123`, `ecx`, `ydp…`), so a word is
recognised by its end.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

#: What must be so before a mark is trusted: nothing more · a header block follows at once · an attribution, a header
#: block, a separator or a block quotation follows at once · nothing but quoted words follows · never trusted: what
#: it holds is shared by the author and answers nothing.
Needs = Literal["nothing", "headers", "opening", "last", "sharing"]


class Container(NamedTuple):
    """A mark: whose, the attribute, an expression for one word of it, what must be so, and what it tells."""

    client: str
    attribute: str
    word: str
    needs: Needs = "nothing"
    rest: bool = False
    kind: str = ""


PREFIX = r"(?:.*[_\d]|ecx|ydp\w*)?"
CONTAINERS: tuple[Container, ...] = (
    Container("Outlook on the web", "id", "divrplyfwdmsg", rest=True),
    Container("Outlook on the web", "id", "appendonsend", needs="headers", rest=True),
    Container("Outlook mobile", "id", "mail-editor-reference-message-container", needs="opening", rest=True),
    Container("Outlook mobile", "class", "ms-outlook-mobile-reference-message", needs="opening", rest=True),
    Container("Outlook", "name", "_mailoriginal", rest=True),
    Container("Outlook for Mac", "id", "olk_src_body_section", rest=True),
    Container("Hotmail", "id", "stopspelling", rest=True),
    Container("Outlook", "id", "replysplit", rest=True),
    Container("Outlook", "class", "outlookmessageheader", rest=True),
    Container("Hotmail", "id", "skydriveplaceholder", rest=True),
    Container("Gmail", "class", "gmail_quote", needs="opening"),
    Container("Gmail", "class", "gmail_quote_container", needs="opening"),
    Container("Gmail", "class", "gmail_extra", needs="opening"),
    Container("Gmail", "class", "gmail_attr", needs="opening"),
    Container("Apple Mail", "class", "apple-mail-urlsharewrapperclass", needs="sharing"),
    Container("Thunderbird", "class", "moz-cite-prefix", needs="opening"),
    Container("Thunderbird", "class", "moz-forward-container", rest=True, kind="forward"),
    Container("Thunderbird", "class", "moz-email-headers-table", rest=True, kind="forward"),
    Container("Yahoo", "class", r"yahoo_quoted(?:_\w+)?"),
    Container("Yahoo", "id", r"yahoo_quoted(?:_\w+)?"),
    Container("Yahoo for iOS", "class", "iosymail"),
    Container("Proton", "class", "protonmail_quote"),
    Container("Tuta", "class", "tutanota_quote"),
    Container("Zoho", "class", "zmail_extra", needs="opening"),
    Container("Zimbra", "data-marker", "__divider__", rest=True),
    Container("Zimbra", "data-marker", "__quoted_text__", needs="opening", rest=True),
    Container("Zimbra", "id", "zwchr", needs="opening", rest=True),
    Container("GMX", "name", "quote"),
    Container("Roundcube", "id", "reply-intro"),
    Container("Spark", "name", "messagereplysection", rest=True),
    Container("Mailspring", "class", "(?:n1|nylas)-quote"),
    Container("Front", "class", "front-blockquote"),
    Container("Missive", "class", "missive_quote"),
    Container("NetEase", "id", "isreplycontent", rest=True, kind="reply"),
    Container("NetEase", "id", "isforwardcontent", rest=True, kind="forward"),
    Container("NetEase", "id", "divneteasemailcard", needs="opening", rest=True),
    Container("QQ", "id", "origbody", rest=True),
    Container("139", "id", "reply139content", rest=True),
    Container("Sina", "id", "orimsghtmlseperator", rest=True),
    Container("QQ", "id", "mailcontent", needs="opening", rest=True),
    Container("Mail.ru", "id", r"style_\d+_body", needs="opening"),
    Container("Samsung", "id", "quoted_body", needs="opening", rest=True),
)
BY_ATTRIBUTE: dict[str, tuple[Container, ...]] = {
    name: tuple(container for container in CONTAINERS if container.attribute == name)
    for name in dict.fromkeys(container.attribute for container in CONTAINERS)
}
#: One look for all marks of an attribute.
QUICK = {
    attribute: re.compile(PREFIX + "(?:" + "|".join(container.word for container in held) + ")")
    for attribute, held in BY_ATTRIBUTE.items()
}
PATTERNS = {container.word: re.compile(PREFIX + container.word) for container in CONTAINERS}

# Word writes a rule above the quoted header block as the upper border of an element; so do signatures: it counts
# only when a header block follows.
WORD_RULE = re.compile(
    r"border-top:[^;]*solid|border-top-style:\s*solid|border-style:\s*solid none none|border-top:\s*1"
)
CITED = Container("Apple Mail", "type", "cite")
BARE = Container("any", "blockquote", "", needs="last")
WORD = Container("Outlook", "style", "border-top", needs="headers", rest=True)

#: Elements that hold a signature: their words are no answer.
SIGNATURES = re.compile(
    PREFIX + r"(?:gmail_signature|moz-signature|applemailsignature|ms-outlook-mobile-signature|"
    r"composer_signature|ymail_android_signature|protonmail_signature_block|signature|divsignature)"
)


def container_of(name: str, attributes: dict[str, str]) -> Container | None:
    """The mark that this element bears."""
    for attribute, value in attributes.items():
        quick = QUICK.get(attribute)
        if quick is None or not any(map(quick.fullmatch, value.lower().split())):
            continue
        for container in BY_ATTRIBUTE[attribute]:
            if any(PATTERNS[container.word].fullmatch(word) for word in value.lower().split()):
                return container
    if name == "blockquote":
        return CITED if attributes.get("type", "").lower() == "cite" else BARE
    if name in ("div", "p", "table", "td") and WORD_RULE.search(attributes.get("style", "").lower()):
        return WORD
    return None


def is_signature(attributes: dict[str, str]) -> bool:
    """Whether this element holds a signature."""
    return any(
        SIGNATURES.fullmatch(word)
        for name in ("id", "class", "data-smartmail")
        for word in attributes.get(name, "").lower().split()
    )
