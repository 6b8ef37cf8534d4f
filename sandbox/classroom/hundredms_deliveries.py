"""The outgoing side of 100ms: a header that proves who sends, and three more tries within fourteen seconds."""

import json
from datetime import timedelta

from sandbox.classroom.deliveries import Deliveries, Verdict


class HundredmsDeliveries(Deliveries):
    """Nothing is signed; tried again after 1, 3 and 10 s, on anything but a 200, and then never by itself."""

    retry_after = (timedelta(seconds=1), timedelta(seconds=3), timedelta(seconds=10))

    def about(self, body: bytes) -> str:
        try:
            told = json.loads(body)["data"]
            return str(told.get("user_name") or told["room_name"])
        except (ValueError, KeyError, TypeError, AttributeError):
            return ""

    def _headers(self, body: bytes) -> dict[str, str]:  # noqa: ARG002 - the same for every body
        return {
            "content-type": "application/json",
            "user-agent": "Go-http-client/2.0",
            "x-rollcall-secret": self._secret,
        }

    def _verdict(self, status: int | None, reply: bytes) -> Verdict:  # noqa: ARG002 - 100ms looks at the status alone
        return "delivered" if status == 200 else "try again"
