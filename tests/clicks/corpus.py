"""A labelled corpus of clicks, made here: what people and what programs do with the links of a mail.

No request of a real person is in it. A scene is what edges would tell of one behaviour: hits with the truth about
each. Scenes are dealt out in three by their number: two thirds were looked at while weights were chosen, the last
third never was, and is what the test judges by.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from stationer.clicks import Around, Seen

T0 = 1_700_000_000_000
DECOY = 255
CHROME = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Safari/537.36"
EDGE = CHROME + " Edg/{}.0.0.0"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:{}.0) Gecko/20100101 Firefox/{}.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.2 Safari/605.1.15"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS {}_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/{}.1 Mobile/15E148 Safari/604.1"
IN_APP = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148"
ANDROID = "Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Mobile Safari/537.36"
CUBOT = "Mozilla/5.0 (Linux; Android 9; CUBOT_X19) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{}.0.0.0 Mobile Safari/537.36"
LANGUAGES = (
    "en-GB,en;q=0.9",
    "de-DE,de;q=0.9,en;q=0.7",
    "en-US,en;q=0.5",
    "fr-FR,fr;q=0.9",
    "cy,en-GB;q=0.8",
)


@dataclass
class Scene:
    """Hits with the truth of each: whether a person did it. `sent`: when each mail was picked."""

    behaviour: str
    secure: bool = True
    sent: dict[str, int] = field(default_factory=dict)
    hits: list[tuple[Seen, bool]] = field(default_factory=list)

    def mail(self, at: int = T0) -> str:
        name = f"mail-{len(self.sent)}"
        self.sent[name] = at
        return name

    def hit(self, mail: str, after_ms: float, person: bool, number: int = 0, **said: object) -> None:
        at = self.sent[mail] + int(after_ms)
        self.hits.append((Seen(f"hit-{len(self.hits)}", mail, number, at, **said), person))  # type: ignore[arg-type]

    def around(self, hit: Seen) -> Around:
        """What the portal would hand over with this hit, at the end of the scene."""
        seen = [one for one, _ in self.hits]
        mail = tuple(one for one in seen if one.mail == hit.mail)
        elsewhere = tuple(one for one in seen if one.mail != hit.mail and one.address == hit.address)
        return Around(self.sent[hit.mail], mail, elsewhere, self.secure)


Said = dict[str, object]


def address(r: Random) -> str:
    """Somewhere in the world; a few by IPv6."""
    if r.random() < 0.15:
        return f"2003:c0:{r.randrange(65536):x}:{r.randrange(65536):x}::{r.randrange(1, 65536):x}"
    return f"{r.choice((81, 87, 91, 93, 109, 178, 188, 212))}.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(1, 255)}"


def cloud(r: Random) -> str:
    """A data centre's, which cannot be told offline."""
    return (
        f"{r.choice((3, 13, 18, 20, 34, 35, 54))}.{r.randrange(256)}.{r.randrange(256)}.{r.randrange(1, 255)}"
    )


def navigated(language: str) -> dict[str, str]:
    return {
        "accept-language": language,
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
        "sec-fetch-site": "none",
        "sec-fetch-user": "?1",
    }


def reader(r: Random, phone: bool | None = None) -> Said:
    """A person's browser, as it comes."""
    language = r.choice(LANGUAGES)
    on_phone = r.random() < 0.4 if phone is None else phone
    version = r.randrange(126, 144)
    if on_phone:
        kind = r.choices(("iphone", "in-app", "android", "old-iphone", "cubot"), (40, 12, 40, 6, 2))[0]
    else:
        kind = r.choices(("chrome", "edge", "firefox", "safari", "old", "ancient"), (40, 25, 15, 14, 5, 1))[0]
    agents = {
        "iphone": IPHONE.format(18, 18),
        "in-app": IN_APP,
        "android": ANDROID.format(version),
        "old-iphone": IPHONE.format(15, 15),
        "cubot": CUBOT.format(version),
        "chrome": CHROME.format(version),
        "edge": EDGE.format(version, version),
        "firefox": FIREFOX.format(version, version),
        "safari": SAFARI.format(18),
        "old": CHROME.format(109),
        "ancient": FIREFOX.format(78, 78),
    }
    tells = kind not in ("in-app", "old-iphone", "ancient")
    hints = navigated(language) if tells else {"accept-language": language}
    if r.random() < 0.01:  # somebody whose proxy takes it out
        hints = {name: value for name, value in hints.items() if name != "accept-language"}
    return {"agent": agents[kind], "hints": hints, "address": address(r)}


def program(r: Random, full: float = 0.25) -> Said:
    """A scanner that calls itself a browser; `full`: how often it really drives one."""
    version = r.choice((58, 79, 91, 103, 114, 120, 126, 131, 138))
    agent = r.choice(
        (
            CHROME.format(version),
            CHROME.format(version),
            FIREFOX.format(115, 115),
            EDGE.format(version, version),
        )
    )
    kind = r.random()
    if kind < full:
        return {
            "agent": CHROME.format(r.randrange(120, 143)),
            "hints": navigated("en-US"),
            "address": cloud(r),
        }
    hints = {"accept-language": "en-US,en;q=0.9"} if kind < full + 0.3 else {}
    return {"agent": agent, "hints": hints, "address": cloud(r)}


def reading(r: Random) -> float:
    """Milliseconds from the mail to a person's click: minutes to days, seldom seconds."""
    return max(6_500.0, r.lognormvariate(6.8, 1.9) * 1000)


# ── people ──


def desktop(s: Scene, r: Random) -> None:
    s.hit(s.mail(), reading(r), True, r.choice((0, 0, 1, 2)), **reader(r, False))


def phone(s: Scene, r: Random) -> None:
    s.hit(s.mail(), reading(r), True, **reader(r, True))


def forwarded(s: Scene, r: Random) -> None:
    mail, after = s.mail(), reading(r)
    for _ in range(r.randrange(2, 5)):
        s.hit(mail, after, True, r.choice((0, 0, 1)), **reader(r))
        after += r.lognormvariate(6, 1.5) * 1000


def double_click(s: Scene, r: Random) -> None:
    mail, after, who = s.mail(), reading(r), reader(r)
    for _ in range(r.choice((2, 2, 3))):
        s.hit(mail, after, True, **who)
        after += r.randrange(150, 900)


def next_day(s: Scene, r: Random) -> None:
    mail, who = s.mail(), reader(r)
    s.hit(mail, reading(r), True, **who)
    s.hit(mail, 86_400_000 + reading(r), True, r.choice((0, 1)), **who)


def several_links(s: Scene, r: Random) -> None:
    """Somebody who reads two or three links, one after the other; some of them in a hurry."""
    mail, after, who = s.mail(), reading(r), reader(r)
    for number in r.sample(range(4), r.choice((2, 2, 3))):
        s.hit(mail, after, True, number, **who)
        after += r.uniform(2_000, 60_000)


def relay(s: Scene, r: Random) -> None:
    """Readers behind a privacy relay share its addresses; each reads their own mail."""
    shared = f"104.28.{r.randrange(256)}.{r.randrange(1, 255)}"
    for _ in range(r.randrange(2, 9)):
        s.hit(s.mail(T0 + r.randrange(3_600_000)), reading(r), True, **{**reader(r, True), "address": shared})


def company_nat(s: Scene, r: Random) -> None:
    """A company behind one address, with two browsers as its IT has them, on a working day."""
    shared, browsers = address(r), [reader(r, False) for _ in range(2)]
    for _ in range(r.randrange(15, 50)):
        mail = s.mail(T0 + r.randrange(8 * 3_600_000))
        s.hit(mail, reading(r), True, r.choice((0, 0, 0, 1)), **{**r.choice(browsers), "address": shared})


def quick_reader(s: Scene, r: Random) -> None:
    """Two people at the telephone: the mail has just come, and is clicked."""
    s.hit(s.mail(), r.uniform(7_000, 25_000), True, **reader(r))


def by_plain_http(s: Scene, r: Random) -> None:
    """Links without TLS: browsers do not say what they do."""
    s.secure = False
    who = reader(r)
    who["hints"] = {"accept-language": r.choice(LANGUAGES)}
    s.hit(s.mail(), reading(r), True, **who)


# ── programs ──


def gateway_sweep(s: Scene, r: Random) -> None:
    """All links at delivery, in their order, and the decoy where there is one."""
    mail, who = s.mail(), program(r)
    links = r.randrange(2, 7)
    numbers = [*range(links), *([DECOY] if r.random() < 0.6 else [])]
    after, step = r.uniform(800, 25_000), r.uniform(30, 1_200)
    for number in numbers:
        s.hit(mail, after, False, number, **who)
        after += step * r.uniform(0.5, 1.5)


def head_only(s: Scene, r: Random) -> None:
    mail, who = s.mail(), program(r)
    for number in range(r.randrange(1, 5)):
        s.hit(mail, r.uniform(1_000, 90_000), False, number, **{**who, "method": "HEAD"})


def head_then_get(s: Scene, r: Random) -> None:
    mail, who, after = s.mail(), program(r), r.uniform(1_500, 40_000)
    s.hit(mail, after, False, 0, **{**who, "method": "HEAD"})
    s.hit(mail, after + r.uniform(80, 1_500), False, 0, **who)


def sandbox(s: Scene, r: Random) -> None:
    """Minutes or hours later, all links or one; now and then a real browser without hands."""
    mail, who = s.mail(), program(r, 0.15)
    after = r.uniform(120_000, 3 * 3_600_000)
    numbers = [0] if r.random() < 0.4 else [*range(r.randrange(3, 6)), *([DECOY] if r.random() < 0.6 else [])]
    for number in numbers:
        s.hit(mail, after, False, number, **who)
        after += r.uniform(200, 2_500)


def previewer(s: Scene, r: Random) -> None:
    agent = r.choice((
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com",
        "TelegramBot (like TwitterBot)",
        "WhatsApp/2.23.20.0",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (compatible; Discordbot/2.0; +https://discordapp.com)",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0; Apache-HttpClient +http://www.linkedin.com)",
    ))  # fmt: skip
    mail, after = s.mail(), reading(r)
    for _ in range(r.choice((1, 1, 2))):
        s.hit(mail, after, False, 0, agent=agent, address=cloud(r))
        after += r.uniform(100, 5_000)
    if r.random() < 0.5:  # and then somebody in that chat
        s.hit(mail, after + r.uniform(15_000, 900_000), True, 0, **reader(r))


def quick_get(s: Scene, r: Random) -> None:
    """One link, one GET, seconds after the mail, by what calls itself a browser."""
    s.hit(s.mail(), r.uniform(500, 14_000), False, 0, **program(r, 0.3))


def rotating(s: Scene, r: Random) -> None:
    """Each link from another address of the same cloud, at once."""
    mail, who, after = s.mail(), program(r), r.uniform(1_000, 60_000)
    for number in range(r.randrange(3, 7)):
        s.hit(mail, after, False, number, **{**who, "address": cloud(r)})
        after += r.uniform(20, 1_000)


def over_recipients(s: Scene, r: Random) -> None:
    """One gateway, one link of each of many mails that came together."""
    who = program(r)
    for n in range(r.randrange(4, 20)):
        mail = s.mail(T0 + n * r.randrange(50, 800))
        s.hit(mail, r.uniform(2_000, 9_000), False, 0, **who)


def library(s: Scene, r: Random) -> None:
    agent = r.choice(
        (
            "python-requests/2.32.3",
            "curl/8.5.0",
            "Go-http-client/1.1",
            "Java/17.0.2",
            "",
            "okhttp/4.12.0",
            "Barracuda Sentinel (EE)",
            "Mozilla/5.0 (compatible; Proofpoint URL Defense)",
        )
    )
    s.hit(s.mail(), r.uniform(1_000, 3_600_000), False, r.randrange(3), agent=agent, address=cloud(r))


def published_network(s: Scene, r: Random) -> None:
    where = r.choice(("40.107.{}.{}", "209.222.82.{}", "148.163.130.{}", "85.158.138.{}"))
    at = where.format(*(r.randrange(1, 255) for _ in range(where.count("{}"))))
    s.hit(s.mail(), r.uniform(3_000, 600_000), False, 0, **{**program(r), "address": at})


# ── both on one mail ──


def person_after_gateway(s: Scene, r: Random) -> None:
    gateway_sweep(s, r)
    s.hit("mail-0", 40_000 + reading(r), True, r.choice((0, 1)), **reader(r))


def person_after_quick_get(s: Scene, r: Random) -> None:
    quick_get(s, r)
    s.hit("mail-0", 45_000 + reading(r), True, 0, **reader(r))


def time_of_click(s: Scene, r: Random) -> None:
    """The reader's click, and the protection's own look at the same link, before and after it."""
    mail, after = s.mail(), reading(r)
    who = program(r, 0.1)
    if r.random() < 0.5:
        s.hit(mail, r.uniform(1_000, 8_000), False, 0, **who)
    s.hit(mail, after - r.uniform(200, 1_500), False, 0, **{**who, "address": cloud(r)})
    s.hit(mail, after, True, 0, **reader(r, False))


def office_before_browser(s: Scene, r: Random) -> None:
    mail, after, who = s.mail(), reading(r), reader(r, False)
    agent = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)"
    for method in r.choice((("HEAD",), ("HEAD", "GET"))):
        s.hit(mail, after, False, 0, agent=agent, address=who["address"], method=method)
        after += 300
    s.hit(mail, after + 400, True, 0, **who)


Behaviour = Callable[[Scene, Random], None]
PEOPLE: tuple[Behaviour, ...] = (
    desktop, phone, forwarded, double_click, next_day, several_links, relay, company_nat, quick_reader, by_plain_http,
)  # fmt: skip
PROGRAMS: tuple[Behaviour, ...] = (
    gateway_sweep, head_only, head_then_get, sandbox, previewer, quick_get, rotating, over_recipients, library,
    published_network,
)  # fmt: skip
BOTH: tuple[Behaviour, ...] = (
    person_after_gateway, person_after_quick_get, time_of_click, office_before_browser,
)  # fmt: skip


def scenes(third: int, each: int = 60) -> Iterator[Scene]:
    """The scenes of one third (0, 1: to look at; 2: held out), so many of each behaviour."""
    for behaviour in (*PEOPLE, *PROGRAMS, *BOTH):
        for n in range(each):
            scene = Scene(behaviour.__name__)
            behaviour(scene, Random(f"{behaviour.__name__}-{3 * n + third}"))
            yield scene
