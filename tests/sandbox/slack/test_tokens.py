"""Tokens and scopes, by the app's own manifest."""

import pytest

from tests.sandbox.slack.world import World


@pytest.mark.parametrize(
    ("token", "error"), [(None, "not_authed"), ("", "not_authed"), ("xoxb-somebody-elses", "invalid_auth")]
)
def test_a_token_is_needed(world, token, error):
    assert world.answer("auth.test", token=token).body["error"] == error


def test_a_revoked_token_is_told_from_a_wrong_one(world):
    world.workspace.tokens.revoke(world.workspace.bot_token)
    assert world.error("auth.test") == "token_revoked"


def test_the_app_token_opens_connections_and_nothing_else(world):
    app_token = world.workspace.app_token
    assert world.answer("apps.connections.open", token=app_token).body["url"].startswith("ws://")
    assert world.answer("auth.test", token=app_token).body["error"] == "not_allowed_token_type"
    assert world.error("apps.connections.open") == "not_allowed_token_type"


def test_blocks_are_validated_without_a_token(world):
    assert world.answer("blocks.validate", token=None, blocks=[{"type": "divider"}]).body == {"ok": True}


def test_a_scope_that_the_manifest_does_not_ask_for_is_missing():
    answered = World(scopes=["users:read"]).answer("chat.postMessage", channel="python-101", text="Hello")
    assert answered.body == {"ok": False, "error": "missing_scope", "needed": "chat:write", "provided": "users:read"}
    assert answered.headers["x-oauth-scopes"] == "users:read"


@pytest.mark.parametrize(
    ("scopes", "reference", "error"),
    [
        (["channels:read"], "python-101", "none"),
        (["groups:read"], "python-101", "missing_scope"),
        (["groups:read"], "staff", "none"),
        (["channels:read"], "staff", "missing_scope"),
    ],
)
def test_a_conversation_is_read_with_the_scope_of_its_kind(scopes, reference, error):
    world = World(scopes=scopes)
    world.workspace.add_channel("staff", private=True)
    assert world.error("conversations.info", channel=reference) == error


@pytest.mark.parametrize(
    ("scopes", "users", "error"),
    [
        (["im:write"], "U0ADA", "none"),
        (["im:write"], "U0ADA,U0GRACE", "missing_scope"),
        (["mpim:write"], "U0ADA,U0GRACE", "none"),
        (["mpim:write"], "U0ADA", "missing_scope"),
    ],
)
def test_a_direct_message_is_opened_with_the_scope_of_its_kind(scopes, users, error):
    assert World(scopes=scopes).error("conversations.open", users=users) == error


def test_the_address_is_told_only_to_who_may_read_it():
    assert "email" not in World(scopes=["users:read"]).call("users.info", user="U0ADA")["user"]["profile"]
    assert World().call("users.info", user="U0ADA")["user"]["profile"]["email"] == "ada@example.com"


def test_another_name_needs_a_scope_of_its_own(world):
    assert world.error("chat.postMessage", channel="python-101", text="Hello", username="Boss") == "missing_scope"
