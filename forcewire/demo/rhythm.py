"""When things happen in a newsroom: hours and weekdays of publication, and how long after it a story is touched again."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from random import Random

from forcewire.demo.printing import LONDON

# Of 11,710 real stories whose page printed a minute (46 UK police areas, mostly 2020): per mille by London hour, then by
# weekday from Monday.
HOURS = (2, 1, 0, 1, 0, 1, 3, 6, 35, 65, 95, 113, 102, 100, 123, 140, 118, 48, 16, 9, 8, 7, 5, 2)
WEEKDAYS = (161, 175, 183, 190, 206, 43, 42)

FEWEST, MOST = 0.2, 13.0  # stories a day: the quietest and the busiest real newsroom


def stories_a_day(random: Random) -> float:
    """A force's rate: as many forces between 0.2 and 0.4 a day as between 6 and 12."""
    return math.exp(random.uniform(math.log(FEWEST), math.log(MOST)))


def publications(random: Random, a_day: float, start: datetime, end: datetime) -> list[datetime]:
    """The moments of publication between two times, in order: `a_day` on average over whole weeks, to the second."""
    moments = []
    midnight = start.astimezone(LONDON).replace(hour=0, minute=0, second=0, microsecond=0)
    while midnight.astimezone(UTC) < end:
        for _ in range(_poisson(random, a_day * WEEKDAYS[midnight.weekday()] * 7 / sum(WEEKDAYS))):
            hour = random.choices(range(24), HOURS)[0]
            at = midnight.replace(hour=hour, minute=random.randrange(60), second=random.randrange(60))
            moments.append(at.astimezone(UTC))
        midnight = (midnight + timedelta(days=1)).replace(hour=0)
    return sorted(moment for moment in moments if start <= moment < end)


def _poisson(random: Random, mean: float) -> int:
    bound, product, count = math.exp(-mean), random.random(), 0
    while product > bound:
        product *= random.random()
        count += 1
    return count


def after(random: Random, median: timedelta, spread: float) -> timedelta:
    """A wait of which half are shorter than `median`, with a long tail: `spread` 2 means that one in 40 is 50 times as long."""
    return timedelta(seconds=max(60, round(median.total_seconds() * math.exp(random.gauss(0, spread)))))


def until_edit(random: Random) -> timedelta:
    """From publication to a correction: half within four hours, one in five after a day, one in seventy after two weeks."""
    return after(random, timedelta(hours=4), 2.0)


def until_next_stage(random: Random) -> timedelta:
    """From an appeal to an arrest, from that to a charge, from a missing person's appeal to 'found': days."""
    return after(random, timedelta(days=3), 1.2)


def until_withdrawal(random: Random) -> timedelta:
    """From publication to the page's end: days, now and then minutes, now and then months."""
    return after(random, timedelta(days=4), 1.6)


def until_restored(random: Random) -> timedelta:
    """From a withdrawal to its undoing: minutes to days."""
    return after(random, timedelta(hours=12), 2.0)
