"""Rate limits in lesson time: per method and minute by tier, and one message per second and channel."""

import math
from collections import deque
from datetime import datetime, timedelta

from sandbox.slack.errors import Refused

# What each tier promises at least; a bot that lives within these is never limited by Slack itself.
PER_MINUTE = {"t1": 1, "t2": 20, "t3": 50, "t4": 100, "t5": 600}
_MINUTE = timedelta(minutes=1)
CHANNEL_BURST = 4  # messages that one quiet channel takes at once; afterwards one a second


class RateLimits:
    """Counts the calls of one workspace; holds at most one minute of them."""

    def __init__(self) -> None:
        self._calls: dict[str, deque[datetime]] = {}
        self._channels: dict[str, datetime] = {}  # when the channel's backlog of posts is worked off

    def check_method(self, method: str, tier: str | None, now: datetime) -> None:
        """Count a call, or refuse it with `ratelimited` and the whole seconds to wait."""
        if tier is None:
            return
        calls = self._calls.setdefault(method, deque())
        while calls and calls[0] <= now - _MINUTE:
            calls.popleft()
        if len(calls) >= PER_MINUTE[tier]:
            raise _limited(calls[0] + _MINUTE - now)
        calls.append(now)

    def check_post(self, channel: str, now: datetime) -> None:
        """Count a message to a channel: a short burst, then one a second."""
        free_at = max(self._channels.get(channel, now), now)
        backlog = free_at - now
        if backlog > timedelta(seconds=CHANNEL_BURST - 1):
            raise _limited(backlog - timedelta(seconds=CHANNEL_BURST - 1))
        self._channels[channel] = free_at + timedelta(seconds=1)
        if len(self._channels) > 10_000:
            self._channels = {name: moment for name, moment in self._channels.items() if moment > now}


def _limited(wait: timedelta) -> Refused:
    return Refused("ratelimited", retry_after=max(1, math.ceil(wait.total_seconds())))
