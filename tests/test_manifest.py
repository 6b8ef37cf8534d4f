"""The manifest asks Slack for exactly what the code uses: scopes, commands, events, and nothing else."""

import re
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
import yaml
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import ManualClock
from bot.messages import actions
from handlers.checks import Checks
from handlers.documents import Documents
from handlers.keys import Keys
from handlers.slack.app import SlackApp
from handlers.slack.door import Registered
from handlers.slack.features import features
from handlers.slack.office import Office
from handlers.slack_client import SlackClient
from sandbox.slack.methods import METHODS
from tests.builders import NINE

MANIFEST: dict[str, Any] = yaml.safe_load(Path("manifest.yml").read_text())
BOT_SCOPES = MANIFEST["oauth_config"]["scopes"]["bot"]
SETTINGS = MANIFEST["settings"]
COMMANDS = MANIFEST["features"]["slash_commands"]

#: What an event asks for beside those of the calls; with `users:read.email` its profile has the address.
EVENT_SCOPES: dict[str, set[str]] = {"user_change": {"users:read"}, "app_home_opened": set()}


#: A call that several scopes allow, each for other kinds of conversations: those that are asked for.
CALL_SCOPES: dict[str, set[str]] = {"conversations.list": {"channels:read", "groups:read"}}


@pytest.fixture
async def registered() -> Registered:
    """Everything that the code listens to."""
    async with aiohttp.ClientSession() as session:
        client = SlackClient(AsyncWebClient(token="xoxb-1", session=session), session)
        office = Office(SimpleNamespace(), client, lambda: None)  # type: ignore[arg-type]  # nothing is asked of the memory
        checks = Checks(SimpleNamespace(), Keys(["k"]), lambda: None)  # type: ignore[arg-type]  # as above
        app = SlackApp(
            features(office, checks, Documents()),
            slack=client,
            signing_secret="s",
            clock=ManualClock(NINE),
            dice=Random(1),
        )
        return app.door.registered


def test_the_scopes_are_those_of_the_calls_the_commands_and_the_events() -> None:
    calls = set(re.findall(r'_asked\(\s*"([A-Za-z.]+)"', Path("handlers/slack_client.py").read_text()))
    assert len(calls) >= 10
    needed = {scope for method in calls for scope in CALL_SCOPES.get(method, METHODS[method].scopes)} | {"commands"}
    for event in SETTINGS["event_subscriptions"]["bot_events"]:
        needed |= EVENT_SCOPES[event]
    assert sorted(needed) == BOT_SCOPES


async def test_the_commands_are_those_that_the_code_answers(registered: Registered) -> None:
    assert [command["command"] for command in COMMANDS] == registered.commands


async def test_the_events_are_those_that_the_code_handles(registered: Registered) -> None:
    assert SETTINGS["event_subscriptions"]["bot_events"] == registered.events


async def test_every_button_and_every_modal_has_its_listener(registered: Registered) -> None:
    ids = [value for name, value in vars(actions).items() if name.isupper() and isinstance(value, str) and "." in value]
    views = [each for each in ids if each.endswith("_view")]
    buttons = [each for each in ids if not each.endswith("_view")]
    assert sorted(views) == sorted(registered.views)
    for button in buttons:
        for action_id in (button, f"{button}.7"):
            assert len([each for each in registered.actions if each.match(action_id)]) == 1, action_id
    assert len(buttons) == len(registered.actions)


def test_slack_tells_people_and_channels_by_their_ids() -> None:
    assert all(command["should_escape"] for command in COMMANDS)


def test_everything_comes_to_one_address() -> None:
    urls = [SETTINGS["event_subscriptions"]["request_url"], SETTINGS["interactivity"]["request_url"]]
    urls += [command["url"] for command in COMMANDS]
    assert len(set(urls)) == 1
    assert urlsplit(urls[0]).scheme == "https"
    assert urlsplit(urls[0]).path == "/slack/events"


def test_people_find_their_home() -> None:
    assert MANIFEST["features"]["app_home"]["home_tab_enabled"] is True


def test_the_bot_can_write_to_people() -> None:
    assert MANIFEST["features"]["app_home"]["messages_tab_enabled"] is True


# The limits of Slack's own schema: github.com/slackapi/manifest-schema, manifest.schema.1.0.0.json.


def test_the_manifest_keeps_to_the_limits_of_slacks_schema() -> None:
    shown = MANIFEST["display_information"]
    assert len(shown["name"]) <= 35
    assert len(shown["description"]) <= 140
    assert 174 <= len(shown["long_description"]) <= 4000
    assert re.fullmatch(r"#[0-9a-f]{6}", shown["background_color"])
    assert re.fullmatch(r"[a-z0-9._-]{1,80}", MANIFEST["features"]["bot_user"]["display_name"])
    for command in COMMANDS:
        assert re.fullmatch(r"/[a-z0-9_-]{1,31}", command["command"])
        assert len(command["description"]) <= 2000
        assert len(command["usage_hint"]) <= 1000
    assert len(BOT_SCOPES) == len(set(BOT_SCOPES)) <= 255


def test_the_manifest_has_no_key_that_slacks_schema_does_not_know() -> None:
    known = {
        "": {"_metadata", "display_information", "features", "oauth_config", "settings"},
        "_metadata": {"major_version", "minor_version"},
        "display_information": {"name", "description", "long_description", "background_color"},
        "features": {"app_home", "bot_user", "slash_commands"},
        "oauth_config": {"scopes"},
        "settings": {
            "event_subscriptions",
            "interactivity",
            "org_deploy_enabled",
            "socket_mode_enabled",
            "token_rotation_enabled",
        },
    }
    for place, keys in known.items():
        assert set(MANIFEST[place] if place else MANIFEST) == keys
