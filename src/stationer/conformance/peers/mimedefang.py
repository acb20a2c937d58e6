"""MIMEDefang with the two calls its manual gives for boilerplate, run on a spool folder as its milter does.

The milter writes INPUTMSG and COMMANDS, runs the filter, and applies RESULTS: a new body (C), header fields to change
(I), delete (J) and add (H), and the Content-Type (M), each percent-encoded (mimedefang-protocol(7)).
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes

from stationer.conformance.peers.pipe import HTML, TEXT, pipe, run

FILTER = r"""
$AdminAddress = 'postmaster@winter.example'; $AdminName = 'Postmaster'; $DaemonAddress = 'mimedefang@winter.example';
sub filter_begin { return; }
sub filter { return action_accept(); }
sub filter_multipart { return action_accept(); }
sub slurp { my ($name) = @_; open(my $in, '<', "FOLDER/$name") or die; local $/; return <$in>; }
sub filter_end {
    my ($entity) = @_;
    append_text_boilerplate($entity, slurp('block.txt'), 0);
    append_html_boilerplate($entity, slurp('block.html'), 0);
}
1;
"""
COMMANDS = (
    b"S<alice@winter.example>\nI127.0.0.1\nHlocalhost\nElocalhost\nQ4711\nR<carol@sommer.example> ? ? ?\nF\n"
)


def insert(mail: bytes, folder: Path) -> bytes:
    """One mail: spool it, run the filter, apply what it answers."""
    (folder / "block.html").write_bytes(HTML.rstrip(b"\n"))
    (folder / "block.txt").write_bytes(TEXT.rstrip(b"\n"))
    (folder / "filter.pl").write_text(FILTER.replace("FOLDER", str(folder)))
    spool = folder / "spool"
    spool.mkdir()
    (spool / "INPUTMSG").write_bytes(mail)
    (spool / "COMMANDS").write_bytes(COMMANDS)
    run("mimedefang.pl", "-f", folder / "filter.pl", spool)
    head, _, body = mail.partition(b"\n\n")
    results = (spool / "RESULTS").read_bytes().splitlines()
    if b"C" in {line[:1] for line in results}:
        body = (spool / "NEWBODY").read_bytes()
    for line in results:
        head = applied(head, line)
    return head + b"\n\n" + body if results and results[-1] != b"U" else mail


def applied(head: bytes, line: bytes) -> bytes:
    """The header with one line of RESULTS done to it."""
    what, words = line[:1], [unquote_to_bytes(word) for word in line[1:].split(b" ")]
    if what == b"M":
        return changed(changed(head, b"Content-Type", words[0]), b"MIME-Version", b"1.0", only_new=True)
    if what == b"I":
        return changed(head, words[0], words[2])
    if what == b"J":
        return field(words[0]).sub(b"", head + b"\n", count=1).rstrip(b"\n")
    return head + b"\n" + words[0] + b": " + words[1] if what == b"H" else head


def field(name: bytes) -> re.Pattern[bytes]:
    """Matches a whole field of this name."""
    return re.compile(rb"^" + re.escape(name) + rb":[^\n]*\n(?:[ \t][^\n]*\n)*", re.MULTILINE | re.IGNORECASE)


def changed(head: bytes, name: bytes, value: bytes, only_new: bool = False) -> bytes:
    """The header with the first field of this name given the value, or with one more field (smfi_chgheader)."""
    new = name + b": " + value + b"\n"
    if not field(name).search(head + b"\n"):
        return head + b"\n" + new.rstrip(b"\n")
    return head if only_new else field(name).sub(lambda _: new, head + b"\n", count=1).rstrip(b"\n")


if __name__ == "__main__":
    sys.exit(pipe(insert))
