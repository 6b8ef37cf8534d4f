"""The outgoing side of VCaaS: an address for each kind of news with a token in it, and five tries until `success`."""

import json
from collections.abc import Sequence
from datetime import timedelta

from sandbox.classroom.deliveries import Deliveries, Delivery, Verdict

MEETING_DATA = "meeting-data"

PUSHED_AGAIN_AFTER = (timedelta(minutes=5), timedelta(minutes=10), timedelta(minutes=15), timedelta(minutes=30))


class VcaasDeliveries(Deliveries):
    """Nothing is signed. What happens in a meeting is told again after 15, 30, 180 and 1800 s, its data after minutes.

    An event is called by its address and what happened, `user-join-leave joined`.
    """

    retry_after = (timedelta(seconds=15), timedelta(seconds=30), timedelta(seconds=180), timedelta(seconds=1800))

    def about(self, body: bytes) -> str:
        try:
            told = json.loads(body)
            return str(told.get("externalName") or told.get("meetingExternalId", ""))
        except (ValueError, AttributeError):
            return ""

    def _route(self, event: str) -> str:
        return event.partition(" ")[0]

    def _address(self, delivery: Delivery) -> str:
        return f"{self._url}/{self._secret}/{delivery.route}"

    def _retry_after(self, delivery: Delivery) -> Sequence[timedelta]:
        return PUSHED_AGAIN_AFTER if delivery.route == MEETING_DATA else self.retry_after

    def _headers(self, body: bytes) -> dict[str, str]:  # noqa: ARG002 - the same for every body
        return {"content-type": "application/json;charset=UTF-8", "user-agent": "okhttp/4.9.3"}

    def _verdict(self, status: int | None, reply: bytes) -> Verdict:
        return "delivered" if status == 200 and reply.strip() == b"success" else "try again"
