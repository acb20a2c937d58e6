"""The laws that an inserter is judged by: each with a title, what it says, where it comes from and why it matters.

A law's key is its name in the JSON report and behind `--only`; the statements are those of contract/conformance.md.
"""

from __future__ import annotations

from typing import NamedTuple


class Law(NamedTuple):
    """One law. `says` is the promise, `source` its clause, `matters` what a reader suffers when it is broken."""

    key: str
    title: str
    says: str
    source: str
    matters: str


LAWS: tuple[Law, ...] = (
    Law("answers", "answers", "The command ends in time with a mail: no crash, no hang, no empty output, no flood.",
        "RFC 5321 §6.1", "a filter that does not answer delays or loses the company's mail"),
    Law("signed", "signed, encrypted: left alone", "S/MIME (clear, opaque, enveloped), PGP/MIME and inline PGP leave as "
        "they came, byte for byte; header fields may be added on top.", "RFC 1847 §2.1, RFC 8551 §3.4, RFC 3156 §5",
        "the signature fails or the mail cannot be opened any more"),
    Law("special", "not for people: left alone", "Invitations, reports, auto-replies, partial messages, TNEF, protected "
        "mails and mails with a list's footer leave as they came.",
        "RFC 6047 §2.4, RFC 3462 §1, RFC 3834 §5, RFC 2046 §5.2.2",
        "programs read these mails; a changed one is misread or thrown away"),
    Law("garbage", "broken input: nothing lost", "What is no mail, or is cut off, comes back with all its lines or is "
        "refused with an exit code; it is never emptied or shortened.", "RFC 5321 §6.1",
        "what came in is lost without a trace"),
    Law("inserted", "inserted once in every body", "Each body the mail has, text and HTML of an alternative both, shows the "
        "block once.", "RFC 2046 §5.1.4", "some readers see the block and others do not, or twice"),
    Law("place", "at the right place", "The block stands behind the author's last words and above the quote or the "
        "forwarded mail, out of the quote's element, and never between rows, cells or items.",
        "contract/stamp.md §6", "the block stands at the thread's end, inside another person's words, or is folded away"),
    Law("exact", "nothing else changed: exact", "Decoded, each body without one contiguous insertion is the author's, "
        "character by character; every other part, preamble and epilogue is the same (line ends apart).",
        "contract/stamp.md §5", "a rewritten mail looks different in some client, and nobody knows which"),
    Law("shown", "nothing else changed: as shown", "The same, as a reader sees it: words in their order, links and images; "
        "other parts by their decoded content, type, name and disposition.", "contract/conformance.md §3",
        "the recipient reads something the author did not write"),
    Law("structure", "the tree of parts stays", "The same parts in the same multiparts; only a multipart/related round the "
        "HTML, for images of the block's own, may come in.", "RFC 2046 §5.1",
        "clients show alternatives twice, or bodies as attachments"),
    Law("headers", "header fields stay: exact", "Fields that need not change are the same bytes in the same order, those of "
        "the body parts too; new ones may be added.", "RFC 5322 §3.6, RFC 2045 §3",
        "names, subjects and threads suffer from refolded and recoded fields"),
    Law("dkim", "fields that DKIM signs stay", "The fields a signer signs have the same canonical (relaxed) form and number.",
        "RFC 6376 §3.4.2, §5.4.1", "an earlier signature or seal over the header no longer verifies"),
    Law("charset", "charsets", "The body is what its charset says; the block's characters are readable, none a question "
        "mark; a charset in a meta element agrees with the header.", "RFC 2046 §4.1.2, RFC 2045 §5.2",
        "names and whole languages arrive as question marks or as gibberish"),
    Law("transfer", "transfer encodings", "7bit stays ASCII, quoted-printable valid in lines of at most 76, base64 valid, "
        "a multipart's own encoding covers its parts.", "RFC 2045 §6.2–6.8",
        "readers show escapes as text or cut the mail where the encoding breaks"),
    Law("lines", "lines of at most 998 octets", "No line is longer that was not longer before.", "RFC 5322 §2.1.1, RFC 5321 §4.5.3.1.6",
        "relays break or refuse such lines, wherever they please"),
    Law("line-ends", "line ends not mixed", "A mail with CRLF comes back with CRLF, one with LF with LF.", "RFC 5321 §2.3.8",
        "bare line ends are refused by many servers since SMTP smuggling"),
    Law("flowed", "format=flowed and DelSp", "Read by RFC 3676, the author's paragraphs are the same and the block's are its "
        "own.", "RFC 3676 §4", "the block runs into the author's last paragraph"),
    Law("signature", "the `-- ` line", "The author's signature keeps its separator with the space, and its lines.",
        "RFC 3676 §4.3", "clients no longer tell the signature, and quote it for ever"),
    Law("related", "inline images still shown", "Every cid: that the HTML names is found in its own multipart/related, "
        "whose root is the HTML.", "RFC 2387 §3, RFC 2392", "pictures become red crosses and attachments"),
    Law("attachments", "attachments stay", "Every attachment has the same content, to the octet, and the same type, name, disposition, Content-ID and order.",
        "RFC 2183 §2", "attachments vanish, break or turn into text"),
    Law("message", "a message inside is not entered", "A message/rfc822 is the same bytes: its words are another's.",
        "RFC 2046 §5.2.1", "evidence is falsified: a forwarded mail says what its author never wrote"),
    Law("word", "Word HTML survives", "Conditional comments, VML, o:p and XML islands are all there, as they were.",
        "contract/stamp.md §5", "Outlook falls back to other sizes, fonts and bullets"),
    Law("twice", "twice gives no second block", "The stamped mail, given once more, shows the block once and the author's "
        "words unchanged.", "contract/stamp.md §5", "blocks pile up when a mail is resent or passes two gateways"),
    Law("thread", "a reply to a stamped mail", "The older block in the quote stays, a new one stands above the quote.",
        "contract/stamp.md §3", "the answer goes without the disclaimer, or the history is edited"),
    Law("large", "large mails", "A mail of 10 MB is done in 10 s with at most 512 MB of memory.", "contract/conformance.md §3",
        "one large attachment stops the queue"),
)  # fmt: skip

BY_KEY = {law.key: law for law in LAWS}

#: Laws about a block that stands: where nothing was put in, they do not hold.
DEEDS = frozenset({"inserted", "place", "charset", "transfer", "flowed", "twice", "thread", "large"})
