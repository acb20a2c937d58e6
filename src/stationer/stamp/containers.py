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


#: What shows that a client writes a mark: its own published source · mails in public archives and test suites · public
#: programs that read mail look for it.
Evidence = Literal["source", "mails", "readers"]


class Container(NamedTuple):
    """A mark: whose, the attribute, an expression for one word of it, its evidence, what must be so, what it tells."""

    client: str
    attribute: str
    word: str
    seen: Evidence
    needs: Needs = "nothing"
    rest: bool = False
    kind: str = ""


PREFIX = r"(?:.*[_\d]|ecx|ydp\w*)?"
CONTAINERS: tuple[Container, ...] = (
    Container("Outlook on the web", "id", "divrplyfwdmsg", "mails", rest=True),
    Container("Outlook on the web", "id", "appendonsend", "mails", needs="headers", rest=True),
    Container(
        "Outlook mobile", "id", "mail-editor-reference-message-container", "mails", needs="opening", rest=True
    ),
    Container(
        "Outlook mobile", "class", "ms-outlook-mobile-reference-message", "mails", needs="opening", rest=True
    ),
    Container("Outlook", "name", "_mailoriginal", "mails", rest=True),
    Container("Outlook for Mac", "id", "olk_src_body_section", "mails", rest=True),
    Container("Hotmail", "id", "stopspelling", "mails", rest=True),
    Container("Outlook", "id", "replysplit", "mails", rest=True),
    Container("Outlook", "class", "outlookmessageheader", "mails", rest=True),
    Container("Hotmail", "id", "skydriveplaceholder", "mails", rest=True),
    Container("Gmail", "class", "gmail_quote", "mails", needs="opening"),
    Container("Gmail", "class", "gmail_quote_container", "mails", needs="opening"),
    Container("Gmail", "class", "gmail_extra", "mails", needs="opening"),
    Container("Gmail", "class", "gmail_attr", "mails", needs="opening"),
    Container("Apple Mail", "class", "apple-mail-urlsharewrapperclass", "mails", needs="sharing"),
    Container("Thunderbird", "class", "moz-cite-prefix", "source", needs="opening"),
    Container("Thunderbird", "class", "moz-forward-container", "mails", rest=True, kind="forward"),
    Container("Thunderbird", "class", "moz-email-headers-table", "source", rest=True, kind="forward"),
    Container("Yahoo", "class", r"yahoo_quoted(?:_\w+)?", "mails"),
    Container("Yahoo", "id", r"yahoo_quoted(?:_\w+)?", "mails"),
    Container("Yahoo for iOS", "class", "iosymail", "mails"),
    Container("Proton", "class", "protonmail_quote", "source"),
    Container("Tuta", "class", "tutanota_quote", "source"),
    Container("Zoho", "class", "zmail_extra", "mails", needs="opening"),
    Container("Zimbra", "data-marker", "__divider__", "mails", rest=True),
    Container("Zimbra", "data-marker", "__quoted_text__", "mails", needs="opening", rest=True),
    Container("Zimbra", "id", "zwchr", "mails", needs="opening", rest=True),
    Container("GMX", "name", "quote", "mails"),
    Container("Roundcube", "id", "reply-intro", "mails"),
    Container("Spark", "name", "messagereplysection", "mails", rest=True),
    Container("Mailspring", "class", "(?:n1|nylas)-quote", "readers"),
    Container("Front", "class", "front-blockquote", "mails"),
    Container("Missive", "class", "missive_quote", "mails"),
    Container("NetEase", "id", "isreplycontent", "mails", rest=True, kind="reply"),
    Container("NetEase", "id", "isforwardcontent", "readers", rest=True, kind="forward"),
    Container("NetEase", "id", "divneteasemailcard", "mails", needs="opening", rest=True),
    Container("QQ", "id", "origbody", "readers", rest=True),
    Container("139", "id", "reply139content", "mails", rest=True),
    Container("Sina", "id", "orimsghtmlseperator", "mails", rest=True),
    Container("QQ", "id", "mailcontent", "readers", needs="opening", rest=True),
    Container("Mail.ru", "id", r"style_\d+_body", "mails", needs="opening"),
    Container("Samsung", "id", "quoted_body", "readers", needs="opening", rest=True),
    Container("Geary", "id", "geary-quote", "source", needs="opening"),
    Container("Yahoo for iOS", "class", "yahoo-quoted-begin", "mails", needs="opening"),
    Container("NetEase Mail Master", "class", "ntes-mailmaster-quote", "mails", needs="opening", rest=True),
    Container("Coremail", "name", "replycontent", "mails", rest=True),
    Container("Airmail", "class", "airmail_on", "mails", needs="opening"),
    Container("Infomaniak", "class", "ik_mail_quote", "source", needs="opening"),
    Container("Freshdesk", "class", "freshdesk_quote", "readers", needs="opening"),
    Container("Fernand", "class", "fernand_quote", "readers", needs="opening"),
    Container("Notion Mail", "class", "notion-mail-quote", "readers", needs="opening"),
    Container("Skiff", "class", "skiff_quote", "readers", needs="opening"),
    Container("Zendesk", "class", "quotedreply", "readers", needs="opening"),
    Container("Titan", "class", "titan-quote", "readers", needs="opening"),
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
PATTERNS = {
    attribute: [(container, re.compile(PREFIX + container.word)) for container in held]
    for attribute, held in BY_ATTRIBUTE.items()
}

# Word writes a rule above the quoted header block as the upper border of an element; so do signatures: it counts
# only when a header block follows.
WORD_RULE = re.compile(
    r"border-top:(?:(?!border-top:)[^;])*solid|border-top-style:\s*solid|border-style:\s*solid none none"
    r"|border-top:\s*1"
)
# What "Indent more" (Gmail) and "Increase indentation" (Apple Mail) write: a margin of 40 pixels on one side, and
# neither border nor padding.
INDENTING = (
    re.compile(r"\bmargin(?:-left|-right)?:(?:(?!\bmargin(?:-left|-right)?:)[^;])*\b40px"),
    re.compile(r"\bborder(?:-\w+)?: ?(?:medium )?(?:none|0)"),
    re.compile(r"\bpadding: ?0"),
)
CITED = Container("Apple Mail", "type", "cite", "mails")
BARE = Container("any", "blockquote", "", "mails", needs="last")
WORD = Container("Outlook", "style", "border-top", "mails", needs="headers", rest=True)

#: Ids and classes of elements that hold a signature: their words are no answer.
SIGNATURE_WORDS = (
    "gmail_signature", "moz-signature", "applemailsignature", "ms-outlook-mobile-signature", "composer_signature",
    "ymail_android_signature", "protonmail_signature_block", "signature", "divsignature", "k9mail-signature",
    "front-signature", "zm-_id_-sgn", "imail_signature",
)  # fmt: skip
SIGNATURES = re.compile(PREFIX + "(?:" + "|".join(map(re.escape, SIGNATURE_WORDS)) + ")")


def container_of(name: str, attributes: dict[str, str]) -> Container | None:
    """The mark that this element bears."""
    for attribute, value in attributes.items():
        quick = QUICK.get(attribute)
        if quick is None or not any(map(quick.fullmatch, value.lower().split())):
            continue
        bearing = PATTERNS[attribute]
        return next(mark for mark, pattern in bearing if any(map(pattern.fullmatch, value.lower().split())))
    if name == "blockquote":
        if is_indentation(attributes):
            return None
        return CITED if attributes.get("type", "").lower() == "cite" else BARE
    if name in ("div", "p", "table", "td") and WORD_RULE.search(attributes.get("style", "").lower()):
        return WORD
    return None


def is_indentation(attributes: dict[str, str]) -> bool:
    """Whether a block quotation is how Gmail and Apple Mail indent a paragraph of the author's."""
    style = " ".join(attributes.get("style", "").lower().split())
    return all(declared.search(style) for declared in INDENTING) and "type" not in attributes


def is_signature(attributes: dict[str, str]) -> bool:
    """Whether this element holds a signature."""
    return any(
        SIGNATURES.fullmatch(word)
        for name in ("id", "class", "data-smartmail")
        for word in attributes.get(name, "").lower().split()
    )
