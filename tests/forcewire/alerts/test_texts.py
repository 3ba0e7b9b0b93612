"""What a message says, and to whom it goes by the settings."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from forcewire.alerts.advice import advice
from forcewire.alerts.channel import ChannelError, Message
from forcewire.alerts.channels import Unusable, channels
from forcewire.alerts.texts import message, trial
from forcewire.settings.model import Settings
from storage.notices import Notice
from storage.states import State
from storage.troubles import Trouble
from tests.forcewire.alerts.conftest import NOW, Receiver
from tests.forcewire.alerts.items import item


def said(*items: dict[str, object], base_url: str | None = "https://news.example.org/") -> Message:
    return message(Notice(1, "ab" * 16, NOW, [*items]), base_url)


def test_one_alert_reads_well() -> None:
    made = said(item())
    assert made.title == "Forcewire: Tarn Police (tarn) broken"
    assert made.text == (
        "Tarn Police (tarn): broken, since 1 March 2026 12:00 UTC\n"
        "  The last 3 crawls failed: the site's name leads nowhere.\n"
        "  Last read well: 1 March 2026 12:00 UTC\n"
        "  What to do: see whether the site has another name now, and whether this machine's DNS works. `forcewire doctor tarn` shows more.\n"
        "\n"
        "All sources: https://news.example.org/status\n"
        "Seen to: forcewire alerts ack 7. Else it is told again in a week."
    )


def test_a_recovery_says_how_long_and_asks_for_nothing() -> None:
    over = item(event="ended", before="broken", why="Read well 2 minutes ago.", first="cd" * 16)
    made = said(over, base_url=None)
    assert made.title == "Forcewire: Tarn Police (tarn) recovered"
    assert (
        made.text
        == "Tarn Police (tarn): recovered, after broken since 1 March 2026 12:00 UTC\n  Read well 2 minutes ago."
    )
    assert made.thread == ("cd" * 16,)


def test_many_are_counted_in_the_title_and_bounded_in_the_text() -> None:
    items = [item(alert=n, name=f"Force {n}", subject=f"source:s{n}", sources=[f"s{n}"]) for n in range(300)]
    items += [
        item(event="ended", before="stale"),
        item(event="worse", before="quiet"),
        item(event="lasts", state="quiet"),
    ]
    made = said(*items)
    assert made.title == "Forcewire: 300 broken, 1 recovered, 1 worse, 1 still quiet"
    assert "And 273 more: Force 30 (s30), " in made.text
    assert len(made.text) < 20_000


def test_what_a_site_wrote_is_in_one_line_and_calls_nobody() -> None:
    made = said(item(name="Tarn\n@everyone", why="no\r\nBcc: <all@example.org> @here " + "x" * 5000))
    assert "\n" not in made.title
    assert "\r" not in made.text
    for call in ("@everyone", "@here"):
        assert call not in made.title + made.text
    assert len(made.text) < 2000


@pytest.mark.parametrize("trouble", [*Trouble, None, "what a later release knows"])
@pytest.mark.parametrize("state", [*State])
def test_there_is_something_to_do_about_everything(trouble: str | None, state: State) -> None:
    assert advice("source:tarn", state, trouble, ["tarn"]).endswith(". `forcewire doctor tarn` shows more.")
    assert advice("service:backup", "broken", trouble, []).endswith("`forcewire doctor` looks at all of it.")
    assert "network" in advice("network", state, trouble, ["a", "b", "c"])


def test_the_settings_make_the_channels() -> None:
    made = channels(
        Settings(
            alert_webhook="https://me:hunter2@hooks.example.org/s3cret",
            smtp="smtps://me:hunter2@mail.example.org",
            alert_mail_to="desk@example.org, night@example.org",
            alert_apprise=("json://me:hunter2@chat.example.org/s3cret", "json://me:hunter2@chat.example.org/s3cret"),
        )
    )
    assert [each.key.partition(":")[0] for each in made] == ["webhook", "mail", "apprise"]
    for each in made:
        assert "hunter2" not in each.key + each.shown
        assert "s3cret" not in each.key + each.shown
    assert channels(Settings()) == []


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"smtp": "smtp://mail.example.org"}, "alert_mail_to is not set"),
        ({"alert_mail_to": "desk@example.org"}, "smtp is not set"),
        ({"smtp": "smtp://mail.example.org", "alert_mail_to": "desk"}, "'desk' is no mail address"),
        ({"alert_apprise": ("hunter2://s3cret",)}, "alert_apprise"),
    ],
)
def test_a_channel_that_cannot_work_says_why_and_harms_no_other(given: dict[str, object], why: str) -> None:
    hook, made = channels(Settings(alert_webhook="http://127.0.0.1:9/", **given))
    assert hook.key == "webhook"
    assert isinstance(made, Unusable)
    with pytest.raises(ChannelError, match=why) as error:
        made.send(trial(NOW))
    assert "s3cret" not in str(error.value)


def test_an_alert_goes_through_apprise(receiver: Receiver, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    [way] = channels(Settings(alert_apprise=(receiver.url.replace("http://", "json://me:hunter2@"),)))
    way.send(said(item()))
    [made] = receiver.posted
    assert made["title"] == "Forcewire: Tarn Police (tarn) broken"
    assert "What to do" in made["message"]
    receiver.status = 500
    with pytest.raises(ChannelError, match="it took no message"):
        way.send(trial(NOW + timedelta(hours=1)))
    ours = [each.getMessage() for each in caplog.records if each.name.startswith("forcewire")]
    assert not any("hunter2" in line for line in ours)
