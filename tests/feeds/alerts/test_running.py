"""Each story and change is told once to each target, and nothing of what is withheld."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from feeds.alerts.running import MOST_IN_DIGEST, MOST_SINGLE, Report
from feeds.alerts.searches import AlertError
from feeds.alerts.state import State, alone
from feeds.alerts.texts import Message
from storage.records import Precision
from tests.feeds.alerts.conftest import Postbox
from tests.feeds.conftest import FIRST, NewsStore

Tell = Callable[..., Report]
ALL = ("new", "edited", "withdrawn", "restored")
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


def test_the_first_run_tells_nothing_and_the_next_what_came_since(store: NewsStore, tell: Tell, box: Postbox) -> None:
    store.source()
    store.article()
    assert tell().begun == 1
    assert box.got == []
    number = store.article(title="A kiln was taken", description="At night.")
    assert tell().sent == 1
    assert box.titles() == ["Northmarch: Appeal: A kiln was taken"]
    assert box.got[0].body.splitlines() == [
        "At night.",
        f"https://news.example.org/articles/{number}",
        "https://www.northmarch.example/news/2",
    ]
    assert tell().sent == tell(now=FIRST + 9 * DAY).sent == 0


def test_since_begins_earlier(store: NewsStore, tell: Tell, box: Postbox) -> None:
    store.source()
    store.article(title="Before", seen_at=FIRST + HOUR)
    store.article(title="After", seen_at=FIRST + 5 * HOUR)
    tell(since=FIRST + 2 * HOUR)
    assert box.titles() == ["Northmarch: Appeal: After"]
    tell(since=FIRST + 2 * HOUR)
    assert len(box.got) == 1


def test_edits_withdrawals_and_returns_are_told_where_they_are_asked_for(
    store: NewsStore, tell: Tell, box: Postbox
) -> None:
    store.source()
    number = store.article()
    news = Postbox("json://news")
    tell(box, changes=ALL)
    tell(news, changes=("new",))
    store.again(number, FIRST + 2 * HOUR, title="Gate was found", kind="found")
    tell(box, changes=ALL)
    store.remove(number, FIRST + 3 * HOUR)
    tell(box, changes=ALL)
    tell(news, changes=("new",))
    assert box.titles() == ["Northmarch: Appeal → Found: Gate was found", "Northmarch: Withdrawn: Gate was found"]
    assert "edited" in box.got[0].body
    assert news.got == []


def test_words_areas_and_kinds_choose(store: NewsStore, tell: Tell, box: Postbox) -> None:
    store.source()
    store.source("Fenwold")
    chosen = {"q": "kiln", "areas": ("northmarch",), "kinds": ("appeal", "charge")}
    tell(**chosen)
    store.article(title="A kiln was taken")
    store.article(title="A barn was burnt", body="Nothing else.")
    store.article(title="A kiln was sold", kind="other")
    store.article("fenwold", title="A kiln was taken in Fenwold")
    tell(**chosen)
    assert box.titles() == ["Northmarch: Appeal: A kiln was taken"]


def test_an_area_that_the_store_has_not_is_one_line_before_anything_is_sent(store: NewsStore, tell: Tell) -> None:
    store.source()
    with pytest.raises(AlertError, match="no area 'northmrach'; it has Northmarch"):
        tell(areas=("northmrach",))
    with pytest.raises(AlertError, match="no area 'atlantis'; it has Northmarch"):
        tell(q="kiln area:atlantis")
    assert tell(q="kiln area:Northmarch").begun == 1


def test_a_target_that_fails_is_tried_again_and_the_others_are_not(store: NewsStore, tell: Tell, box: Postbox) -> None:
    store.source()
    other = Postbox("json://other")
    tell(box, other)
    store.article(title="One")
    store.article(title="Two")
    other.broken = True
    assert tell(box, other).failed == [("desk", "json://other")]
    other.broken = False
    store.article(title="Three")
    assert tell(box, other).failed == []
    assert box.titles() == other.titles() == [f"Northmarch: Appeal: {each}" for each in ("One", "Two", "Three")]


def test_a_kill_between_sending_and_noting_repeats_one_message_at_most(
    store: NewsStore, tell: Tell, box: Postbox
) -> None:
    store.source()
    tell()
    for title in ("One", "Two", "Three"):
        store.article(title=title)

    class Killed(BaseException):
        """As a kill is: nothing of ours runs after it."""

    class Killing(Postbox):
        def send(self, message: Message) -> bool:
            box.send(message)
            if len(box.got) == 2:
                raise Killed
            return True

    with pytest.raises(Killed):
        tell(Killing())
    tell()
    assert [title.rpartition(" ")[2] for title in box.titles()] == ["One", "Two", "Two", "Three"]


def test_of_a_sensitive_story_only_the_headline_of_now_is_sent(store: NewsStore, tell: Tell, box: Postbox) -> None:
    store.source()
    tell(changes=ALL)
    number = store.article(title="Have you seen Zebedia Quillfeather?", description="Zebedia is 14.", kind="missing", sensitive=True)  # fmt: skip
    store.again(number, FIRST + 2 * HOUR, title="Missing girl found", description="She is safe.", kind="found")
    tell(changes=ALL)
    assert box.titles() == ["Northmarch: New: Missing girl found", "Northmarch: Edited: Missing girl found"]
    assert all(line.startswith("https://") for message in box.got for line in message.body.splitlines())


@pytest.mark.parametrize("digest", ["off", "hourly"])
def test_of_what_is_withheld_nothing_is_sent(store: NewsStore, tell: Tell, box: Postbox, digest: str) -> None:
    store.source()
    tell(changes=ALL, digest=digest)
    shown = store.article(title="Shown", sensitive=True)
    gone = store.article(title="Zebedia", sensitive=True)
    store.change(store.article(title="Quillfeather"), suppressed_at=FIRST)
    store.remove(gone, FIRST + 3 * HOUR)
    tell(changes=ALL, digest=digest, now=FIRST + 4 * DAY)
    assert [message.of for message in box.got] == [(shown,)]
    assert "Zebedia" not in str(box.got)


@pytest.mark.parametrize("many", [3, MOST_IN_DIGEST + MOST_SINGLE])
def test_what_is_withheld_while_a_run_sends_is_in_none_of_its_messages(store: NewsStore, tell: Tell, many: int) -> None:
    store.source()

    class Slow(Postbox):
        def send(self, message: Message) -> bool:
            store.change(last, suppressed_at=FIRST)
            return super().send(message)

    box = Slow()
    tell(box)
    last = [store.article(title=f"Kiln {number}") for number in range(many)][-1]
    tell(box)
    assert "Kiln 0" in str(box.got)
    assert f"Kiln {many - 2}" in str(box.got)
    assert f"Kiln {many - 1}" not in str(box.got)
    assert sum(len(message.of) for message in box.got) == many - 1


def test_a_date_that_says_no_day_does_not_make_a_story_old(store: NewsStore, tell: Tell, box: Postbox) -> None:
    store.source()
    tell()
    seen = FIRST + 20 * DAY
    store.article(title="Of May", published_at=FIRST, published_precision=Precision.MONTH, seen_at=seen)
    store.article(title="Of 1970", published_at=FIRST.replace(year=1970), seen_at=seen)
    store.article(title="Old", published_at=FIRST, published_precision=Precision.DAY, seen_at=seen)
    tell(now=seen)
    assert box.titles() == ["Northmarch: Appeal: Of May", "Northmarch: Appeal: Of 1970"]


def test_a_story_calls_nobody_in_a_chat_room(store: NewsStore, tell: Tell, box: Postbox) -> None:
    store.source()
    tell()
    store.article(title="@everyone was seen", description="Write to desk@here.example or @Channel, @alloway.")
    tell()
    assert box.titles() == ["Northmarch: Appeal: @\u200beveryone was seen"]
    assert box.got[0].body.splitlines()[0] == "Write to desk@\u200bhere.example or @\u200bChannel, @alloway."


def test_what_another_crawl_stores_late_under_a_lower_number_is_told_and_nothing_twice(
    store: NewsStore, tell: Tell, box: Postbox
) -> None:
    store.source()
    tell(now=FIRST)
    late = store.article(title="Late")
    store.change(late, suppressed_at=FIRST)  # as good as not there
    store.article(title="Early")
    tell(now=FIRST + HOUR)
    store.change(late, suppressed_at=None)
    tell(now=FIRST + HOUR)
    tell(now=FIRST + 3 * HOUR)
    assert [title.rpartition(" ")[2] for title in box.titles()] == ["Early", "Late"]


def test_what_was_new_and_is_withdrawn_already_is_no_news(store: NewsStore, tell: Tell, box: Postbox) -> None:
    store.source()
    tell()
    store.remove(store.article(), FIRST + 2 * HOUR)
    tell()
    assert box.got == []


def test_a_back_fill_is_no_news(store: NewsStore, tell: Tell, box: Postbox) -> None:
    store.source()
    tell()
    for number in range(30):
        store.article(published_at=FIRST - number * DAY, seen_at=FIRST + 3 * DAY)
    store.article(published_at=None, published_precision=Precision.UNKNOWN, seen_at=FIRST + HOUR)
    tell()
    assert box.got == []


def test_many_at_once_are_a_digest_in_parts(store: NewsStore, tell: Tell, box: Postbox) -> None:
    store.source()
    tell()
    for _ in range(MOST_IN_DIGEST + 5):
        store.article()
    assert tell().sent == 2
    assert [len(message.of) for message in box.got] == [MOST_IN_DIGEST, 5]
    assert len({each for message in box.got for each in message.of}) == MOST_IN_DIGEST + 5
    assert box.titles()[1] == "desk: 5 stories"
    for _ in range(MOST_SINGLE):
        store.article()
    assert tell().sent == MOST_SINGLE


@pytest.mark.parametrize(
    ("digest", "soon", "later"), [("hourly", HOUR / 4, HOUR), ("daily", 12 * HOUR, DAY), ("weekly", 2 * DAY, 7 * DAY)]
)
def test_a_digest_comes_once_a_period_by_area(
    store: NewsStore, tell: Tell, box: Postbox, digest: str, soon: timedelta, later: timedelta
) -> None:
    begin = FIRST.replace(hour=0) - 2 * DAY  # a Monday; one o'clock in London
    store.source()
    store.source("Fenwold")
    tell(now=begin, digest=digest)
    store.article(title="One")
    store.article("fenwold", title="Two")
    store.article(title="Three")
    tell(now=begin + soon, digest=digest)
    assert box.got == []
    tell(now=begin + later, digest=digest)
    tell(now=begin + later + soon, digest=digest)
    (message,) = box.got
    assert message.title == "desk: 3 stories"
    heads = [line for line in message.body.splitlines() if line and not line.startswith("  ")]
    assert heads == ["Fenwold", "- Appeal: Two", "Northmarch", "- Appeal: One", "- Appeal: Three"]


def test_a_store_that_was_restored_from_an_older_copy_is_told_further(
    store: NewsStore, tell: Tell, box: Postbox, tmp_path: Path
) -> None:
    store.source()
    tell()
    state = State(tmp_path / "sent.json")
    told = state.get("desk", "json://desk")
    assert told is not None
    told.after = 1000
    state.keep("json://desk", told)
    tell(now=FIRST + HOUR / 2)
    store.article(title="After the restore")
    tell()
    assert box.titles() == ["Northmarch: Appeal: After the restore"]


def test_the_state_has_no_secret_and_says_when_it_is_damaged(store: NewsStore, tell: Tell, tmp_path: Path) -> None:
    store.source()
    tell(Postbox("mailto://desk:kingfisher@example.org"))
    file = tmp_path / "sent.json"
    assert "kingfisher" not in file.read_text()
    for damage in ("{", "[" * 100_000, "null", file.read_text().replace('"sent": []', '"sent": [1e999]')):
        file.write_text(damage)
        with pytest.raises(AlertError, match="is damaged; remove it"):
            tell()


def test_two_runs_at_once_are_one_line(tmp_path: Path) -> None:
    with alone(tmp_path / "s.json"), pytest.raises(AlertError, match="another forcewire notify"), alone(tmp_path / "s.json"):  # fmt: skip
        pass
    with pytest.raises(AlertError, match="cannot be written into"), alone(tmp_path / "no" / "s.json"):
        pass
    with pytest.raises(ConnectionError), alone(tmp_path / "s.json"):
        raise ConnectionError("of what runs in it")
