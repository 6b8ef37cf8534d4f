"""What a connector is given: the request, exactly as it arrived."""

import pytest

from bot.connectors import Delivery
from tests.builders import NINE


def test_nobody_can_change_what_arrived():
    delivery = Delivery(account="default", route="", headers={}, body=b"{}", received_at=NINE)
    with pytest.raises(AttributeError):
        delivery.body = b""  # type: ignore[misc]  # that is the point
