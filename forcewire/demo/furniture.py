"""What stands around a story on every page: menus, icons, cookie notices, footers, and as much more as is asked for."""

from __future__ import annotations

from bisect import bisect_right
from functools import cache
from itertools import accumulate

_ICON_NAMES = (
    "Age Alert Anonymous Arrow Badge Bag Bell Bicycle Boat Book Bus Calendar Camera Car Card Chat Chevron Child Clock "
    "Close Cloud Coin Contact Court Cross Cycle Dog Domestic Door Download Drone Email Envelope Exit External Eye "
    "Facebook Facility Feedback File Filter Fingerprint Fire Flag Form Fraud Gavel Globe Graph Group Hand Hate Heart "
    "Helmet Help Home House Hourglass Hub Idea Info Instagram Key Keyhole Laptop Leaf Letter Licence Lightbulb Link "
    "List Location Lock Magnifier Map Medal Megaphone Menu Message Minus Missing Mobile Money Motorbike Music Network "
    "News Note Officer Padlock Page Paper Parking Passport Pause Pedestrian Pencil Person Phone Pin Play Plus Printer "
    "Question Radio Report Road Rural Scales Search Send Settings Share Shield Siren Star Tag Theft Ticket Tick Train "
    "Translate Twitter User Van Video Volume Warning Whistle Wifi Witness YouTube"
)
ICONS = tuple(_ICON_NAMES.split())

_SECTIONS = {
    "Report": "a crime|a road traffic incident|antisocial behaviour|domestic abuse|fraud|lost property|a missing person",
    "Tell us about": "a film or event|an existing case|a suspicion of terrorism|your CCTV|a firearms licence|a vehicle",
    "Apply or register": "for a licence|for compensation|for a role|for a ride along|a burglar alarm|a bicycle",
    "Request": "a collision report|information about you|intelligence about a person|your fingerprints|a callback",
    "Thanks and complaints": "say thank you|make a complaint|ask for a review|tell us what we did well",
    "Your area": "priorities|neighbourhood officers|meetings and surgeries|crime statistics|stop and search figures",
    "Advice": "protect your home|protect your vehicle|stay safe online|personal safety|rural crime|keeping children safe",
}
_ENTRIES = [(section, item) for section, items in _SECTIONS.items() for item in items.split("|")]


@cache
def icon_sprite() -> str:
    """A hidden sprite whose icon titles run together in the text of the page."""
    symbols = "".join(
        f'<symbol id="icon-{name.lower()}" viewBox="0 0 24 24"><title>{name}</title></symbol>' for name in ICONS
    )
    missing = "<p class=\"u-hidden\">[Missing text '/SvgIcons/Other']</p>"
    return f'<svg xmlns="http://www.w3.org/2000/svg" class="u-hidden">{symbols}</svg>{missing}'


def menu_links(css: str) -> str:
    """The first level of the site's menu."""
    return "".join(f'<li class="{css}"><a href="/{_slug(name)}/">{name}</a></li>' for name in _SECTIONS)


@cache
def _chunks(place: str) -> tuple[list[str], list[int]]:
    """Some 200 KB of different markup, in pieces, and where each piece ends (bytes; all of it is ASCII)."""
    pieces = []
    for turn in range(40):
        for number, (section, item) in enumerate(_ENTRIES):
            href = f"/{_slug(section)}/{_slug(item)}/" + (f"{turn}/" if turn else "")
            icon = ICONS[(number * 7 + turn) % len(ICONS)].lower()
            pieces.append(
                f'<li class="{place}-item {place}-item--{number % 4}" data-track="{place}/{turn}/{number}">'
                f'<a class="{place}-link" href="{href}"><svg class="icon" aria-hidden="true" focusable="false">'
                f'<use href="#icon-{icon}"></use></svg><span class="{place}-text">{section} {item}</span></a></li>\n'
            )
    return pieces, list(accumulate(len(piece) for piece in pieces))


def filler(size: int, place: str) -> str:
    """Menu markup of exactly `size` bytes, or of as many as a smallest block needs when `size` is tiny."""
    start, end = f'<nav class="{place}" aria-label="{place}">\n', "</nav>\n"
    script, close = '<script>window.settings={"pageKey":"', '"};</script>\n'
    room = size - len(start + end + script + close) - len("<ul></ul>\n")
    if room <= 0:
        return ""
    pieces, ends = _chunks(place)
    whole, rest = divmod(room, ends[-1])
    count = bisect_right(ends, rest)
    body = "".join(pieces) * whole + "".join(pieces[:count])
    key = ("0123456789abcdef" * 40)[: room - len(body)]
    return f"{start}<ul>{body}</ul>\n{end}{script}{key}{close}"


def _slug(name: str) -> str:
    return name.lower().replace(" ", "-")
