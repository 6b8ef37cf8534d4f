"""VCaaS's REST API, as far as it is documented: a meeting is created, and told where to call back.

Every method raises `PlatformBusy`, `PlatformRefused` or `PlatformUnavailable`, and nothing else. How VCaaS knows who
calls is documented nowhere in public: the school writes the header that HiLink told it into the settings.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msgspec

from bot.errors import PlatformUnavailable
from bot.payloads import Scalar, text
from bot.settings import Settings
from handlers.platform_api import Patience, PlatformApi
from handlers.platforms.vcaas.connector import MEETING_DATA
from handlers.platforms.vcaas.settings import VcaasSettings

#: Which of our routes each of its callbacks calls; that of the data pushed after the meeting stands apart.
CALLBACKS = {
    "userJoinLeaveUrl": "user-join-leave",
    "meetingStartEndUrl": "meeting-start-end",
    "recordingStartEndUrl": "recording-start-end",
    "endClassForAllUrl": "end-class-for-all",
}


class WrittenMeeting(msgspec.Struct, gc=False, rename="camel"):
    """The answer; the documentation names the two fields and shows no sample, so they may stand inside `data`."""

    meeting_id: Scalar = None
    meeting_url: Scalar = None


class Answer(WrittenMeeting, gc=False, rename="camel"):
    """The same, with or without an envelope."""

    data: WrittenMeeting | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Meeting:
    """A meeting that was created."""

    meeting_id: str
    meeting_url: str = field(repr=False)


class VcaasClient:
    """One school's VCaaS. `close` it."""

    def __init__(self, *, api_url: str, header: str, patience: Patience | None = None) -> None:
        """`header` is a whole one, `Name: value`."""
        name, _, value = header.partition(":")
        self._headers = {name.strip(): value.strip()}
        self._api = PlatformApi(
            "VCaaS", api_url, secrets=[value.strip(), value.strip().rpartition(" ")[2]], patience=patience
        )

    @classmethod
    def from_settings(cls, settings: Settings) -> "VcaasClient | None":
        """None without address and header."""
        ours = settings.of(VcaasSettings)
        if ours.api_header is None or not ours.api_url:
            return None
        return cls(api_url=ours.api_url, header=ours.api_header.get_secret_value())

    async def close(self) -> None:
        await self._api.close()

    async def create_meeting(
        self, room: str, *, title: str, starts_at: datetime, ends_at: datetime, callbacks: Mapping[str, Any]
    ) -> Meeting:
        """Create a meeting of a room, the school's own `meetingExternalId`; `callbacks` are of `callbacks_at`."""
        what = "create a meeting"
        wanted = {
            "meetingExternalId": room,
            "meetingTitle": title,
            "startTime": int(starts_at.timestamp()),
            "endTime": int(ends_at.timestamp()),
            **callbacks,
            "config": {},
            "docIds": [],
        }
        body = await self._api.post(what, "/v2/meeting-center/meetings", wanted, headers=self._headers)
        answer = self._api.read(what, body, Answer)
        found = answer if text(answer.meeting_id) else answer.data or answer
        if not text(found.meeting_id):
            raise PlatformUnavailable("VCaaS answered without a meeting when asked to create one.")
        return Meeting(meeting_id=text(found.meeting_id), meeting_url=text(found.meeting_url))


def callbacks_at(address: str) -> dict[str, Any]:
    """The callback URLs of a meeting; `address` is `https://<host>/webhooks/vcaas/<token>`, so they are as secret."""
    base = address.rstrip("/")
    return {
        "callbackUrl": f"{base}/{MEETING_DATA}",
        "realTimeCallbackUrl": {name: f"{base}/{route}" for name, route in CALLBACKS.items()},
    }
