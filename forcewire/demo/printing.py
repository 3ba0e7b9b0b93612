"""Times as newsrooms print them: Europe/London local time in each kind's own shape."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def local(moment: datetime) -> datetime:
    """The moment on a London clock."""
    return moment.astimezone(LONDON)


def ordinal(day: int) -> str:
    """1st, 2nd, 3rd, 4th, ... 11th."""
    return f"{day}{'th' if 10 <= day % 100 <= 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"


def time_and_date(moment: datetime) -> str:
    """`15:08 13/03/2020`: Single Online Home."""
    return f"{local(moment):%H:%M %d/%m/%Y}"


def american_with_zone(moment: datetime) -> str:
    """`Mar 31, 2021 20:10 BST`: Mynewsdesk."""
    at = local(moment)
    return f"{MONTHS[at.month - 1][:3]} {at:%d, %Y %H:%M} {at.tzname()}"


def plain(moment: datetime) -> str:
    """`30 April 2015`: GOV.UK."""
    at = local(moment)
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}"


def posted_at(moment: datetime) -> str:
    """`Posted at 09:48 on 12th August 2020`: the WordPress site."""
    at = local(moment)
    return f"Posted at {at:%H:%M} on {ordinal(at.day)} {MONTHS[at.month - 1]} {at.year}"


def posted_on(moment: datetime) -> str:
    """`Posted on 13:29:00 on 13th November 2019`: the newsroom of its own."""
    at = local(moment)
    return f"Posted on {at:%H:%M:%S} on {ordinal(at.day)} {MONTHS[at.month - 1]} {at.year}"


def typed_by_hand(moment: datetime, shape: int) -> str:
    """A date as somebody typed it into the first line, bold where it stands between asterisks."""
    at = local(moment)
    name, month, day, year = DAYS[at.weekday()], MONTHS[at.month - 1], at.day, at.year
    shapes = (
        f"**{name} {day} {month} {year}**",
        f"**{name} {day} {month}, {year}**",
        f"**{name}, {month} {day}, {year}**",
        f"{name} {day} {month} {year}",
        f"{name}, {day} {month} {year}",
        f"**{name} {ordinal(day)} {month} {year}**",
        f"**{name} {day} {month} {year} **",
        f"{name} {month} {day}, {year}",
        f"**{day} {month} {year}**",
        f"{name}t {day} {month} {year}",
        f"**{name}  {day:02} {month} {year}**",
        f"{name} {day}{'th' if day % 3 else 'TH'} {month}  {year}",
    )
    return shapes[shape % len(shapes)]


def meta_utc(moment: datetime) -> str:
    """`2020-08-12T08:48+00:00`: UTC without seconds, in the WordPress site's meta."""
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M+00:00}"


def meta_local(moment: datetime) -> str:
    """`2018-09-27T17:12:18+01:00`: local time with its offset."""
    return local(moment).isoformat(timespec="seconds")


def rfc822(moment: datetime, *, utc: bool = False) -> str:
    """`Sun, 21 Jun 2026 12:15:00 +0100`, without the process's locale."""
    at = moment.astimezone(UTC) if utc else local(moment)
    return f"{DAYS[at.weekday()][:3]}, {at.day:02} {MONTHS[at.month - 1][:3]} {at:%Y %H:%M:%S %z}"


def http_date(moment: datetime) -> str:
    """RFC 9110, 5.6.7: `Tue, 16 Jun 2026 09:00:00 GMT`."""
    at = moment.astimezone(UTC)
    return f"{DAYS[at.weekday()][:3]}, {at.day:02} {MONTHS[at.month - 1][:3]} {at:%Y %H:%M:%S} GMT"
