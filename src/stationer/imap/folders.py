"""The agent's folders, and where sent mail lies.

Names are never translated; delimiter and prefix are the server's.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass

from imapclient import IMAPClient

from stationer.imap.errors import RefusedError, told
from stationer.imap.mailbox import Mailbox

OUTBOX, ASIDE = "Stationer Outbox", "Needs attention"
#: What mail programs call the folder for sent mail, in the languages of Europe (RFC 6154 is the better way).
USUAL = (
    "Sent", "Sent Items", "Sent Messages", "Sent Mail", "[Gmail]/Sent Mail", "[Google Mail]/Sent Mail",
    "Gesendet", "Gesendete Elemente", "Gesendete Objekte", "Gesendete Nachrichten", "Envoyés",
    "Éléments envoyés", "Messages envoyés", "Objets envoyés", "Enviados", "Elementos enviados",
    "Mensajes enviados", "Inviati", "Posta inviata", "Elementi inviati", "Verzonden", "Verzonden items",
    "Verzonden berichten", "Enviadas", "Itens enviados", "Mensagens enviadas", "Wysłane",
    "Elementy wysłane", "Skickat", "Skickade", "Sendt", "Sendte elementer", "Lähetetyt", "Odeslané",
    "Odoslané", "Elküldött", "Trimise", "Отправленные", "Надіслані", "送信済み", "已发送", "보낸 편지함",
)  # fmt: skip


@dataclass(frozen=True)
class Names:
    """The folders as this server calls them.

    `child` is false when Needs attention had to lie beside the Outbox.
    """

    outbox: str
    aside: str


def make_folders(mailbox: Mailbox) -> Names:
    """Create and subscribe Outbox and Needs attention; those that are there already are kept."""
    prefix, delimiter = _namespace(mailbox)
    outbox = prefix + OUTBOX
    make(mailbox, outbox)
    beside = f"{outbox} - {ASIDE}"
    if not delimiter:
        make(mailbox, beside)
        return Names(outbox, beside)
    try:
        make(mailbox, below := f"{outbox}{delimiter}{ASIDE}")
        return Names(outbox, below)
    except RefusedError:  # some servers let no folder hold both mails and folders
        make(mailbox, beside)
        return Names(outbox, beside)


def _namespace(mailbox: Mailbox) -> tuple[str, str]:
    """Prefix and delimiter of the user's own folders (RFC 2342); the delimiter alone when there are no
    namespaces.
    """
    client = mailbox.client
    with told(mailbox.where, "to tell its folders"):
        if mailbox.can("NAMESPACE") and (personal := client.namespace().personal):
            return str(personal[0][0] or ""), str(personal[0][1] or "")
        rows = client.list_folders("", "")
    delimiter = rows[0][1] if rows else None
    return "", delimiter.decode("ascii", "replace") if delimiter else ""


def make(mailbox: Mailbox, name: str) -> None:
    client = mailbox.client
    with told(mailbox.where, f"to create {name!r}"):
        if not client.folder_exists(name):
            client.create_folder(name)
    with contextlib.suppress(RefusedError), told(mailbox.where, f"to subscribe {name!r}"):
        client.subscribe_folder(name)  # a server without subscriptions shows all folders anyway


def all_folders(mailbox: Mailbox) -> list[tuple[frozenset[bytes], str]]:
    """Flags and name of every folder that can hold mails."""
    with told(mailbox.where, "to list its folders"):
        rows = mailbox.client.list_folders()
    named = [(frozenset(flag.lower() for flag in flags), str(name)) for flags, _, name in rows]
    return [
        (flags, name) for flags, name in named if b"\\noselect" not in flags and b"\\nonexistent" not in flags
    ]


def find_sent(mailbox: Mailbox) -> str | None:
    """The folder that the server itself calls its sent mail (SPECIAL-USE, RFC 6154), or None."""
    for flags, name in all_folders(mailbox):
        if b"\\sent" in flags:
            return name
    if mailbox.can("SPECIAL-USE"):  # the flags may be told only when they are asked for (§5.2)
        return _asked_for(mailbox.client, mailbox.where)
    return None


def _asked_for(client: IMAPClient, where: str) -> str | None:
    with contextlib.suppress(RefusedError), told(where, "to list its special folders"):
        # the library has no extended LIST (RFC 5258); these are the lines of its own LIST
        typ, data = client._imap._simple_command("LIST", "(SPECIAL-USE)", '""', '"*"')
        client._checkok("LIST", typ, data)
        typ, data = client._imap._untagged_response(typ, data, "LIST")
        for flags, _, name in client._proc_folder_list(data):
            if b"\\sent" in {flag.lower() for flag in flags}:
                return str(name)
    return None


def usual_sent(mailbox: Mailbox) -> list[str]:
    """Folders that are called as sent mail usually is, the likeliest first; for a person to choose from."""
    names = [name for _, name in all_folders(mailbox)]
    order = {usual.casefold(): n for n, usual in enumerate(USUAL)}
    _, delimiter = _namespace(mailbox)

    def rank(name: str) -> int | None:
        last = name.rpartition(delimiter)[2] if delimiter else name
        return order.get(name.casefold(), order.get(last.casefold()))

    ranked = sorted((n, name) for name in names if (n := rank(name)) is not None)
    return [name for _, name in ranked]
