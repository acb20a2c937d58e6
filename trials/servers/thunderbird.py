"""A real Thunderbird on a display of its own, reading a folder of mails; an add-on of the trials' lets us look.

Its profile, its home and its display (Xvfb, whose picture is a file) are made for the session. It has no account
that it could log in to: the mails are in a local folder.
"""

from __future__ import annotations

import base64
import json
import queue
import shutil
import struct
import subprocess
import threading
import zipfile
import zlib
from collections.abc import Sequence
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from trials.servers.running import LOOPBACK, Running, program

ADDON = Path(__file__).parent / "addon"
PROGRAM = Path("/usr/lib/thunderbird/thunderbird-bin")
WIDTH, HEIGHT = 900, 1100
QUIET = {
    "mail.accountmanager.accounts": "account1",
    "mail.accountmanager.localfoldersserver": "server1",
    "mail.account.account1.server": "server1",
    "mail.account.lastKey": 1,
    "mail.server.server1.type": "none",
    "mail.server.server1.hostname": "Local Folders",
    "mail.server.server1.name": "Local Folders",
    "mail.server.server1.userName": "nobody",
    "mail.server.server1.directory-rel": "[ProfD]Mail/Local Folders",
    "mail.provider.suppress_dialog_on_startup": True,
    "mail.spotlight.firstRunDone": True,
    "mail.rights.version": 1,
    "mail.shell.checkDefaultClient": False,
    "mailnews.start_page.enabled": False,
    "mailnews.start_page_override.mstone": "ignore",
    "mail.spam.version": 1,
    "app.donation.eoy.version.viewed": 999,
    "datareporting.policy.dataSubmissionPolicyBypassNotification": True,
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.enabled": False,
    "app.update.auto": False,
    "extensions.update.enabled": False,
    "extensions.autoDisableScopes": 0,
    "extensions.enabledScopes": 15,
    "extensions.startupScanScopes": 15,
    "xpinstall.signatures.required": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,#remote-settings-dummy/v1",
    "mail.inappnotifications.enabled": False,
    "mailnews.database.global.indexer.enabled": False,
    "mail.showCondensedAddresses": True,
}
DARK = {"ui.systemUsesDarkTheme": 1, "extensions.activeThemeID": "thunderbird-compact-dark@mozilla.org"}
IMPORT = """
const [account] = await messenger.accounts.list(false);
const root = account.rootFolder || (await messenger.folders.query({accountId: account.id, isRoot: true}))[0];
const folder = await messenger.folders.create(root.id, 'Shown');
const found = [];
for (const mail of given) {
  const bytes = Uint8Array.from(atob(mail), (letter) => letter.charCodeAt(0));
  const header = await messenger.messages.import(new File([bytes], 'mail.eml', {type: 'message/rfc822'}), folder.id, {read: true});
  found.push([header.subject, header.id]);
}
return found;
"""
OPEN = """
for (const tab of await messenger.tabs.query({type: 'messageDisplay'})) await messenger.tabs.remove(tab.id);
const tab = await messenger.messageDisplay.open({messageId: given.id, location: 'tab', active: true});
for (let tries = 0; tries < 100; tries++) {
  await new Promise((done) => setTimeout(done, 100));
  try {
    const [found] = await messenger.scripting.executeScript({target: {tabId: tab.id}, args: [given.probe, given.about],
      func: (probe, about) => new Function('root', 'about', probe)(document.body, about)});
    if (found.result && found.result.ready) return found.result;
  } catch (error) { given.error = String(error); }
}
throw new Error('it was not shown: ' + given.error);
"""


class Thunderbird:
    """A running Thunderbird with `mails` in a folder; their subjects must differ."""

    def __init__(
        self, folder: Path, mails: Sequence[bytes], *, dark: bool = False, remote_pictures: bool = True
    ) -> None:
        self.folder = folder
        self._jobs: queue.Queue[dict[str, Any]] = queue.Queue()
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self._listen()
        blocked = {"mailnews.message_display.disable_remote_image": not remote_pictures}
        self._profile({**QUIET, **blocked, **(DARK if dark else {})})
        self._display = self._screen()
        self.running = Running(
            "Thunderbird",
            [PROGRAM, "--no-remote", "--profile", folder / "profile"],
            folder / "thunderbird.log",
            lambda: self.ask("return 1", timeout=100),
            environment={
                "HOME": str(folder),
                "DISPLAY": self._display,
                "GDK_BACKEND": "x11",
                "MOZ_CRASHREPORTER_DISABLE": "1",
            },
            seconds=120,
        )
        held = [base64.b64encode(mail).decode() for mail in mails]
        self.numbers: dict[str, int] = dict(self.ask(IMPORT, held))
        self.ask("for (const one of await messenger.windows.getAll()) await messenger.windows.update(one.id, given)",
                 {"left": 0, "top": 0, "width": WIDTH, "height": HEIGHT})  # fmt: skip

    def _listen(self) -> None:
        """The server that the add-on asks."""
        jobs, said = self._jobs, self._said

        class Hub(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                try:
                    job = json.dumps(jobs.get(timeout=10)).encode()
                except queue.Empty:
                    job = b""
                with suppress(OSError):  # it may have gone
                    self._answer(200 if job else 204, job)

            def do_POST(self) -> None:
                said.put(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                self._answer(200, b"")

            def _answer(self, code: int, body: bytes) -> None:
                self.send_response(code)
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._hub = ThreadingHTTPServer((LOOPBACK, 0), Hub)
        threading.Thread(target=self._hub.serve_forever, daemon=True).start()

    def _profile(self, preferences: dict[str, object]) -> None:
        profile = self.folder / "profile"
        (profile / "extensions").mkdir(parents=True)
        lines = [
            f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in preferences.items()
        ]
        (profile / "user.js").write_text("".join(lines))
        hub = f"http://{LOOPBACK}:{self._hub.server_port}"
        with zipfile.ZipFile(profile / "extensions/trials@acme.test.xpi", "w") as addon:
            addon.write(ADDON / "manifest.json", "manifest.json")
            addon.writestr("background.js", (ADDON / "background.js").read_text().replace("HUB", hub))

    def _screen(self) -> str:
        """Start the display; its address."""
        screen = f"{WIDTH}x{HEIGHT}x24"
        told = (self.folder / "display").open("w+b")
        command = [program("Xvfb") or "Xvfb", "-displayfd", str(told.fileno()), "-screen", "0", screen]
        self.screen = subprocess.Popen(
            [*command, "-fbdir", str(self.folder), "-nolisten", "tcp"],
            pass_fds=[told.fileno()],
            stderr=subprocess.DEVNULL,
        )
        while not (number := (self.folder / "display").read_bytes().strip()):
            assert self.screen.poll() is None, "Xvfb ended"
        return f":{number.decode()}"

    def ask(self, code: str, given: object = None, timeout: float = 30) -> Any:
        """What `code` (the inside of an async function of `messenger` and `given`) returns in the add-on."""
        self._jobs.put({"code": code, "given": given})
        said = self._said.get(timeout=timeout)
        assert "error" not in said, said["error"]
        return said.get("result")

    def open(self, subject: str, probe: str, about: object) -> Any:
        """Show a mail; what `probe` (the inside of a function of `root` and `about`) returns when it is `ready`."""
        return self.ask(OPEN, {"id": self.numbers[subject], "probe": probe, "about": about})

    def picture(self) -> bytes:
        """What stands on its display, as PNG."""
        return png((self.folder / "Xvfb_screen0").read_bytes())

    def stop(self) -> None:
        """Stop this Thunderbird, its display and our server, and no other."""
        self.running.stop()
        self.screen.terminate()
        self.screen.wait()
        self._hub.shutdown()
        self._hub.server_close()
        shutil.rmtree(self.folder / "profile", ignore_errors=True)


def png(dump: bytes) -> bytes:
    """An X window dump of 24 bits in 32 (XWDFile.h: 25 words, big-endian; then colours; then lines) as PNG."""
    words = struct.unpack(">25I", dump[:100])
    size, width, height, line, colours = words[0], words[4], words[5], words[12], words[19]
    start = size + colours * 12
    rows = []
    for row in range(height):
        raw = dump[start + row * line : start + row * line + width * 4]
        rgb = bytearray(width * 3)
        rgb[0::3], rgb[1::3], rgb[2::3] = raw[2::4], raw[1::4], raw[0::4]
        rows.append(b"\0" + bytes(rgb))

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    header = struct.pack(">2I5B", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"".join(rows), 6)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")
