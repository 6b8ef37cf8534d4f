"""What Slack answers, as values of ours."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from storage.slack_accounts import SlackAccount


@dataclass(frozen=True, slots=True)
class Posted:
    """Where a message stands. `channel` is Slack's id, of the direct message too if a person's id was addressed."""

    channel: str
    ts: str


@dataclass(frozen=True, slots=True)
class SlackFile:
    """A file to be put into a conversation."""

    name: str
    title: str
    body: bytes
    #: what a picture shows, in words; empty for what is no picture
    alt_text: str = ""


@dataclass(frozen=True, slots=True)
class SlackProfile:
    """What Slack says of one account, bots included; for a token without the scope e-mails are empty."""

    account: SlackAccount
    is_bot: bool = False

    @classmethod
    def of(cls, user: Mapping[str, Any]) -> "SlackProfile":
        """Read Slack's user object, as in users.list, users.lookupByEmail and the event user_change."""
        profile = user.get("profile") or {}
        names = (profile.get("real_name"), user.get("real_name"), profile.get("display_name"), user.get("name"))
        account = SlackAccount(
            user_id=user["id"],
            name=next((name for name in names if name), user["id"]),
            email=(profile.get("email") or "").strip().lower(),
            zone=user.get("tz") or "",
            language=user.get("locale") or "",
            is_admin=bool(user.get("is_admin") or user.get("is_owner")),
            is_gone=bool(user.get("deleted")),
        )
        return cls(account, is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT")


@dataclass(frozen=True, slots=True)
class UsersPage:
    """One page of everybody in the workspace; `next_cursor` is empty on the last one."""

    profiles: tuple[SlackProfile, ...]
    next_cursor: str


@dataclass(frozen=True, slots=True)
class ChannelsPage:
    """One page of the channels that the bot may know of; `next_cursor` is empty on the last one."""

    #: name and id of each, and whether the bot is in it
    channels: tuple[tuple[str, str, bool], ...]
    next_cursor: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackTeam:
    """Whose token it is."""

    team_id: str
    enterprise_id: str | None
    name: str
    bot_user_id: str
