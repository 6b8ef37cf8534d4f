"""Whom a personal link counts as pressed by: people, and not the many programs that only look at links."""

import pytest
from multidict import CIMultiDict

from handlers.join_machines import is_machine

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"


@pytest.mark.parametrize(
    "agent",
    [
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        "Slackbot 1.0 (+https://api.slack.com/robots)",
        "Slack-ImgProxy (+https://api.slack.com/robots)",
        "WhatsApp/2.23.20.0",
        "TelegramBot (like TwitterBot)",
        "Mozilla/4.0 (compatible; ms-office; MSOffice 16)",
        "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.17328; Pro)",
        "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 SafeLinks",
        "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5",
        "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
        "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
        "LinkedInBot/1.0 (compatible; Mozilla/5.0)",
        "",
    ],
)
def test_previewers_and_scanners_are_machines(agent: str) -> None:
    assert is_machine("GET", {"User-Agent": agent})


@pytest.mark.parametrize(
    "agent",
    [
        FIREFOX,
        "Mozilla/5.0 (Linux; Android 14; CUBOT X90) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Slack_SSB/24.11",
        "Mozilla/5.0 (Linux; Android 14; SM-S918B) Chrome/131.0 Mobile Safari/537.36 Telegram-Android/11.4",
    ],
)
def test_people_with_odd_browsers_are_people(agent: str) -> None:
    assert not is_machine("GET", {"User-Agent": agent})


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Sec-Purpose", "prefetch"), ("sec-purpose", "prefetch;prerender"), ("Purpose", "prefetch"),
        ("X-Moz", "prefetch"), ("X-Purpose", "preview"),
    ],
)  # fmt: skip
def test_a_browser_that_loads_ahead_is_a_machine_until_it_asks_again(name: str, said: str) -> None:
    assert is_machine("GET", CIMultiDict({"User-Agent": FIREFOX, name: said}))
    assert not is_machine("GET", CIMultiDict({"User-Agent": FIREFOX, name: "navigate"}))


def test_to_ask_for_the_head_is_not_to_press() -> None:
    assert is_machine("HEAD", {"User-Agent": FIREFOX})
