"""Why a directory could not be read, in words: what happened, and what to do next."""

from __future__ import annotations

from django.utils.translation import gettext as _

from stationer.portal.people.importing.telling import FILES, Sentences

PROBLEMS: dict[str, Sentences] = FILES | {
    "unknown-host": (
        lambda: _("There is no server called “{host}”."),
        lambda: _("Look at how it is written; its full name is needed, such as dc1.example.com."),
    ),
    "inside": (
        lambda: _("“{host}” leads inside a network that this installation does not let directories be in."),
        lambda: _(
            "Whoever runs the server can allow it with the setting portal.directories_inside, where one company "
            "uses the installation."
        ),
    ),
    "plain": (
        lambda: _("Without encryption the password could be read on its way."),
        lambda: _("Choose a connection that is encrypted."),
    ),
    "refused": (
        lambda: _("The server does not answer at this port."),
        lambda: _("Ask your IT colleague for the port, and whether a firewall stands between: {said}"),
    ),
    "tls": (
        lambda: _("The connection could not be encrypted, or the server’s certificate is not one we believe."),
        lambda: _(
            "Give the certificate of your company’s own authority below, and the name that stands in it as the "
            "server: {said}"
        ),
    ),
    "credentials": (
        lambda: _("The server does not know this account, or not with this password."),
        lambda: _("Type both again; the account is written as cn=reader,dc=example,dc=com or reader@example.com."),
    ),
    "confidential": (
        lambda: _("The server wants an encrypted connection."),
        lambda: _("Choose one that is encrypted."),
    ),
    "base": (
        lambda: _("The place in the directory where people are looked for does not exist."),
        lambda: _("It is written as ou=people,dc=example,dc=com; your IT colleague knows it."),
    ),
    "filter": (
        lambda: _("The filter is not one that the server understands."),
        lambda: _("Look at its parentheses: {said}"),
    ),
    "rights": (
        lambda: _("The account may not read there."),
        lambda: _("Let it read people and groups, and nothing else; it need not write."),
    ),
    "limit": (
        lambda: _("The server gave only some of its people, and said so. Nobody was changed."),
        lambda: _("Raise its size limit for this account, or let it have pages."),
    ),
    "slow": (
        lambda: _("The server took too long and gave only some of its people. Nobody was changed."),
        lambda: _("Raise its time limit for this account, or narrow the filter."),
    ),
    "broken": (
        lambda: _("The connection broke before everything was read. Nobody was changed."),
        lambda: _("It is tried again at the next time: {said}"),
    ),
    "answer": (
        lambda: _("The server refused: {said}"),
        lambda: _("Show this sentence to your IT colleague."),
    ),
    "nobody": (
        lambda: _("Nobody was found. Nobody was changed."),
        lambda: _("Look at the place and the filter, and whether the account may read there."),
    ),
    "nothing": (
        lambda: _("Nothing has come from there yet. Nobody was changed."),
        lambda: _("Give it the address and the token below, and have it begin."),
    ),
    "too-many": (
        lambda: _("There are more than {most} entries."),
        lambda: _("Narrow the filter."),
    ),
    "password": (
        lambda: _("The password cannot be read any more: the server’s address or this installation’s key changed."),
        lambda: _("Type the password again."),
    ),
    "undone": (
        lambda: _("The last plan was taken back, so the directory is switched off: it would come again."),
        lambda: _("Mend what was wrong, then switch it on."),
    ),
    "killed": (
        lambda: _("The server was stopped while it read. Nobody was changed."),
        lambda: _("It is tried again at the next time."),
    ),
}  # fmt: skip
