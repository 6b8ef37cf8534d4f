"""users.*, conversations.*, usergroups.*, team, bots: who is there and where they talk."""

import pytest


def test_a_person_is_told_with_zone_and_offset_of_the_moment(world):
    user = world.call("users.info", user="U0ADA", include_locale=True)["user"]
    assert (user["tz"], user["tz_offset"], user["locale"]) == ("Europe/Berlin", 3600, "en-GB")
    world.clock.advance(days=200)
    assert world.call("users.info", user="U0ADA")["user"]["tz_offset"] == 7200


def test_guests_bots_and_those_who_left_are_told_apart(world):
    world.workspace.add_person(id="U0GUEST", name="Guest", is_guest=True)
    world.workspace.add_person(id="U0GONE", name="Gone", deleted=True)
    users = {user["id"]: user for user in world.call("users.list")["members"]}
    assert users["U0GUEST"]["is_restricted"]
    assert users["U0GONE"]["deleted"]
    assert "tz" not in users["U0GONE"]
    assert users["U0SANDBOXBOT"]["is_bot"]


def test_nobody_is_told_as_nobody(world):
    assert world.error("users.info", user="U0NOBODY") == "user_not_found"
    assert world.error("users.lookupByEmail", email="nobody@example.com") == "users_not_found"


def test_a_person_is_found_by_e_mail_whatever_its_case_but_not_after_leaving(world):
    assert world.call("users.lookupByEmail", email="ADA@example.com")["user"]["id"] == "U0ADA"
    world.ada.deleted = True
    assert world.error("users.lookupByEmail", email="ada@example.com") == "users_not_found"


def test_a_list_comes_in_pages(world):
    for number in range(7):
        world.workspace.add_person(id=f"U{number}", name=f"Person {number}")
    found: list[str] = []
    cursor = ""
    while True:
        body = world.call("users.list", limit=4, cursor=cursor)
        found += [user["id"] for user in body["members"]]
        cursor = body["response_metadata"]["next_cursor"]
        if not cursor:
            break
    assert found == ["U0ADA", "U0GRACE", *(f"U{n}" for n in range(7)), "U0SANDBOXBOT"]


@pytest.mark.parametrize("cursor", ["nonsense", "next:x", "next:99"])
def test_a_cursor_that_was_never_given_is_refused(world, cursor):
    assert world.error("users.list", cursor=cursor) == "invalid_cursor"


@pytest.mark.parametrize(("limit", "error"), [(1000, "none"), (1001, "invalid_limit"), (-1, "invalid_limit")])
def test_a_page_has_a_largest_size(world, limit, error):
    assert world.error("conversations.list", limit=limit) == error


def test_conversations_are_listed_as_the_bot_sees_them(world):
    world.workspace.add_channel("staff", private=True)
    world.workspace.add_channel("secret", private=True, bot_is_member=False)
    world.workspace.add_channel("old", archived=True)
    every = world.call("conversations.list", types="public_channel,private_channel", exclude_archived=True)
    assert [channel["name"] for channel in every["channels"]] == ["python-101", "staff"]
    assert world.error("conversations.list", types="everything") == "invalid_types"


def test_the_conversations_of_a_person(world):
    world.workspace.add_channel("others", bot_is_member=False)
    assert [c["name"] for c in world.call("users.conversations", user="U0ADA")["channels"]] == ["python-101"]
    assert [c["name"] for c in world.call("users.conversations")["channels"]] == ["python-101"]
    assert world.error("users.conversations", user="U0NOBODY") == "user_not_found"


def test_a_conversation_and_its_members(world):
    info = world.call("conversations.info", channel=world.channel.id, include_num_members=True)["channel"]
    assert (info["name"], info["is_member"], info["num_members"]) == ("python-101", True, 3)
    members = world.call("conversations.members", channel=world.channel.id)["members"]
    assert members == ["U0ADA", "U0GRACE", "U0SANDBOXBOT"]
    assert world.error("conversations.members", channel="C0000000009") == "channel_not_found"


def test_a_direct_message_is_opened_once(world):
    first = world.call("conversations.open", users="U0ADA", return_im=True)
    again = world.call("conversations.open", users="U0ADA")
    assert first["channel"]["user"] == "U0ADA"
    assert again["channel"] == {"id": first["channel"]["id"]}
    assert again["already_open"]
    assert world.call("conversations.open", channel=again["channel"]["id"])["no_op"]
    assert world.call("conversations.open", users="U0ADA,U0GRACE")["channel"]["id"].startswith("G")


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({}, "users_list_not_supplied"),
        ({"users": "U0NOBODY"}, "user_not_found"),
        ({"users": "U0GONE"}, "user_disabled"),
        ({"users": "U0SANDBOXBOT"}, "cannot_dm_bot"),
        ({"users": ",".join(["U0ADA"] * 9)}, "too_many_users"),
        ({"users": "U0ADA", "prevent_creation": True}, "channel_not_found"),
        ({"channel": "C0000000001"}, "method_not_supported_for_channel_type"),
    ],
)
def test_a_direct_message_cannot_be_opened_with(world, arguments, error):
    world.workspace.add_person(id="U0GONE", name="Gone", deleted=True)
    assert world.error("conversations.open", **arguments) == error


def test_the_bot_joins_public_channels_only(world):
    world.workspace.add_channel("others", bot_is_member=False)
    world.workspace.add_channel("staff", private=True)
    world.workspace.add_channel("old", archived=True, bot_is_member=False)
    assert world.call("conversations.join", channel="others")["channel"]["is_member"]
    assert world.error("conversations.join", channel="staff") == "method_not_supported_for_channel_type"
    assert world.error("conversations.join", channel="old") == "is_archived"


def test_a_user_group_has_members(world):
    group = world.workspace.add_group("students", "Students", ["U0ADA"])
    listed = world.call("usergroups.list", include_users=True, include_count=True)["usergroups"][0]
    assert (listed["handle"], listed["users"], listed["user_count"]) == ("students", ["U0ADA"], 1)
    assert world.call("usergroups.users.list", usergroup=group.id)["users"] == ["U0ADA"]
    assert world.error("usergroups.users.list", usergroup="S9") == "no_such_subteam"


def test_the_app_learns_who_it_is(world):
    who = world.call("auth.test")
    assert (who["user_id"], who["team_id"]) == (world.workspace.bot.id, "T0SANDBOX")
    assert world.call("bots.info", bot=who["bot_id"])["bot"]["user_id"] == who["user_id"]
    assert world.error("bots.info", bot="B9") == "bot_not_found"
    assert world.call("team.info")["team"]["name"] == "Sandbox School"
    assert world.error("team.info", team="T9") == "team_not_found"


def test_presence_and_do_not_disturb_can_be_asked_for(world):
    assert world.call("users.getPresence", user="U0ADA")["presence"] == "active"
    assert not world.call("dnd.info", user="U0ADA")["dnd_enabled"]
    assert world.error("dnd.info", user="U0NOBODY") == "user_not_found"


def test_two_people_cannot_have_one_id(world):
    with pytest.raises(ValueError, match="U0ADA"):
        world.workspace.add_person(id="U0ADA", name="Another")


def test_a_channel_has_members_of_the_workspace_only(world):
    with pytest.raises(ValueError, match="U0NOBODY"):
        world.workspace.add_channel("x", members=["U0NOBODY"])
