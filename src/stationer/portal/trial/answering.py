"""The answer to a mail that somebody sent to try it: their own mail, stamped, under a head of ours, to them alone."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from stationer import stamp
from stationer.portal.delivery.sending import send
from stationer.portal.delivery.writing import own_address
from stationer.portal.partners.labels import OWN
from stationer.portal.site.founding import EVERYBODYS
from stationer.portal.trial import asking, keeping, letters, limits, making
from stationer.portal.trial.judging import Box, attached, judge
from stationer.portal.trial.making import Wish
from stationer.portal.trial.models import Asked, Judged, Trial
from stationer.watch.log import Voice

#: What of their head goes back: what the body is read by, and nothing else.
OF_THE_BODY = ("mime-version", "content-type", "content-transfer-encoding")
#: Domains whose people are answered in German, where the mail does not say its language.
GERMAN = ("de", "at")
#: What stands before a country's end and is nobody's name.
SECOND = ("co", "com", "ac", "gov", "org", "net")
say = Voice("trial")


def box() -> Box:
    """The mailbox of the settings."""
    said = settings.PORTAL.trial_mailbox
    return Box(said.address, said.authserv_id, (own_address(),), said.handed_on)


def answer(mail: bytes, digest: str) -> bool:
    """Judge a mail once, and answer it where it may be. Returns whether it was answered.

    The answer is queued in the transaction that notes the mail, so that neither is there without the other."""
    if Judged.objects.filter(digest=digest).exists():
        return False
    verdict = judge(mail, box())
    why, made = verdict.why, None
    if not why:
        try:
            limits.look(Asked.Kind.ANSWER, verdict.sender)
            made = _made(mail, verdict.sender)
        except limits.Full:
            why = "limit"
    with transaction.atomic():
        row, new = Judged.objects.get_or_create(digest=digest, defaults={"answered": made is not None})
        if not new:
            return False
        if made is not None and not _queued(made, verdict.sender):
            why, row.answered = "limit", False
            row.save(update_fields=["answered"])
    if why:
        say.info("trial-unanswered", reason=why)
    return not why


def label_of(domain: str) -> str:
    """The label of a domain that names whose it is: `bbc` of mail.bbc.co.uk."""
    labels = domain.split(".")
    above = len(labels) > 2 and len(labels[-1]) == 2 and labels[-2] in SECOND
    return labels[-3] if above else labels[-2]


def _made(mail: bytes, sender: str) -> tuple[Trial | None, bytes]:
    """The answer, and the row behind its link, not saved yet; none behind the fixed text."""
    with translation.override(language(mail, sender)):
        said = wish(mail, sender)
        row = asking.row_of(said, "")
        row.proven_at = timezone.now()
        done = _stamped(mail, said, keeping.url_of(row))
        kept, answer = (None, _sorry(mail, sender)) if done is None else (row, done)
    return kept, letters.quiet(answer, "auto-replied")


def _queued(made: tuple[Trial | None, bytes], sender: str) -> bool:
    """Whether the answer is on its way; it is not where a limit is reached, and then nothing is kept."""
    row, answer = made
    try:
        with transaction.atomic():
            limits.spend(Asked.Kind.ANSWER, sender)
            queued = send(answer, sender="", recipients=[sender])
            if row is not None:
                row.outgoing = queued
                row.save(force_insert=True)
    except limits.Full:
        return False
    say.info("trial-answered", trial=row.pk.hex if row is not None else "")
    return True


def language(mail: bytes, sender: str) -> str:
    """What they likely speak."""
    read = message_from_bytes(mail, policy=policy.compat32)
    said = str(read.get("Content-Language", "")).strip().lower()
    german = said.startswith("de") if said else sender.rpartition(".")[2] in GERMAN
    return "de" if german else settings.LANGUAGE_CODE


def wish(mail: bytes, sender: str) -> Wish:
    """What their mail says of them: the company as the domain has it, the name as they write it."""
    read = message_from_bytes(mail, policy=policy.default)
    addresses = getattr(read["From"], "addresses", ())
    name = " ".join(str(addresses[0].display_name).split())[:120] if addresses else ""
    domain = sender.rpartition("@")[2]
    word = making.name_in(sender if domain in EVERYBODYS else f"{label_of(domain)}@")
    return Wish(sender, word[:120] or domain, name if name.isprintable() else "")


def _stamped(mail: bytes, said: Wish, keep: str) -> bytes | None:
    """Their mail with our head, stamped; None where it may not be."""
    if attached(mail):
        return None
    target = asking.target_of(said, "")
    order = stamp.Order(None, making.blocks(said, target, making.keep_line(keep)))
    done = stamp.stamp(under_our_head(mail, said.address), order)
    return None if isinstance(done, stamp.Untouched) else done.bytes()


def under_our_head(mail: bytes, sender: str) -> bytes:
    """Their body as they wrote it, with every line end as it goes over SMTP (RFC 5321 §2.3.8); of their head only what
    the body is read by."""
    head, gap, body = _split(mail)
    ours = _headed(mail, sender).as_bytes(policy=SMTP.clone(linesep="\r\n")).rstrip(b"\r\n")
    return ours + b"\r\n" + b"".join(_fields_of_body(head)) + (gap or b"\r\n") + body


def _split(mail: bytes) -> tuple[bytes, bytes, bytes]:
    """Head, the empty line, body; with line ends as they go over SMTP."""
    whole = mail.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
    head, gap, body = whole.partition(b"\r\n\r\n")
    return head + b"\r\n", gap[2:], body


def _fields_of_body(head: bytes) -> list[bytes]:
    found, taken = [], False
    for line in head.splitlines(keepends=True):
        if not line[:1].isspace():
            taken = line.partition(b":")[0].strip().lower().decode("ascii", "replace") in OF_THE_BODY
        if taken:
            found.append(line)
    return found


def _headed(mail: bytes, sender: str) -> EmailMessage:
    """A head of ours, with their subject as it reads, on one line."""
    read = message_from_bytes(mail, policy=policy.default)
    subject = "".join(c for c in " ".join(str(read.get("Subject", "")).split()) if c.isprintable())[:200]
    answer = letters.headed(sender, subject or _("Your mail"), OWN)
    named = " ".join(str(read.get("Message-ID", "")).split())
    if (
        named.isascii()
        and named.startswith("<")
        and named.endswith(">")
        and " " not in named
        and len(named) < 250
    ):
        answer["In-Reply-To"] = answer["References"] = named
    return answer


def _sorry(mail: bytes, sender: str) -> bytes:
    """A fixed text: this mail could not be stamped, and what to do."""
    answer = _headed(mail, sender)
    del answer["Subject"]
    answer["Subject"] = _("Your mail could not be stamped")
    url = f"{settings.PUBLIC_URL}{reverse('trial')}"
    answer.set_content(render_to_string("trial/sorry.txt", {"url": url}).strip() + "\n")
    return answer.as_bytes()
