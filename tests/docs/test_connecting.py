"""What the guide says to click and to copy is what the connectors and the manifest know."""

import re

import pytest

from handlers.platforms import CONNECTORS, OWN
from handlers.platforms.hundredms.connector import SECRET_HEADER
from handlers.platforms.zoom.connector import MEANINGS
from tests.docs.reading import GUIDE, ROOT, text_of

PLATFORMS = sorted({path.stem.removeprefix("connect-") for path in GUIDE.glob("connect-*.md")} - {"slack"})


def page(platform: str) -> str:
    return text_of(GUIDE / f"connect-{platform}.md")


def test_every_platform_has_its_page():
    assert CONNECTORS.keys() - set(PLATFORMS) == set()


def test_the_page_of_a_platform_of_our_own_names_no_webhook():
    assert [platform for platform in OWN if "/webhooks/" in page(platform)] == []


@pytest.mark.parametrize("platform", [platform for platform in PLATFORMS if platform not in OWN])
def test_a_page_is_about_a_platform_that_there_is_and_says_where_its_webhooks_go(platform: str):
    assert platform in CONNECTORS
    assert f"https://<your host>/webhooks/{platform}" in page(platform)


def test_the_events_to_tick_at_zoom_are_those_that_mean_something():
    assert set(re.findall(r"`(meeting\.[a-z_]+)`", page("zoom"))) == MEANINGS.keys()


def test_the_header_of_100ms_is_the_one_that_is_looked_at():
    assert SECRET_HEADER in page("100ms").lower()


def test_every_url_that_vcaas_calls_back_is_given_to_it():
    assert set(re.findall(r'"BASE/([a-z-]+)"', page("vcaas"))) == CONNECTORS["vcaas"].routes.keys()


def test_the_manifest_has_the_four_urls_to_change():
    urls = [line for line in text_of(ROOT / "manifest.yml").splitlines() if "https://rollcall.example.com/" in line]
    assert len(urls) == 4
    assert "`rollcall.example.com` in its four URLs" in page("slack")
