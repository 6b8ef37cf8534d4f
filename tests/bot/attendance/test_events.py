"""One fact has one natural key: a second event with the same key is a redelivery, whatever else it says."""

import pytest

from bot.attendance.events import NOBODY, Handle
from tests.builders import (
    ADA,
    at,
    event,
    joined,
    left,
    replace,
    session_ended,
)


def test_a_redelivery_has_the_same_key_whenever_it_arrives_and_whatever_it_says():
    again = joined(ADA, at=5, received=90, handle=Handle(name="Ada L."), lost=True)
    assert again.key == joined(ADA, at=5).key


@pytest.mark.parametrize(
    "other",
    [
        joined(ADA, at=5, session="session-2"),
        joined(ADA, at=5, device="phone"),
        left(ADA, at=5),
        joined(ADA, at="09:05:00.000001"),
    ],
)
def test_another_session_connection_kind_or_instant_is_another_fact(other):
    assert other.key != joined(ADA, at=5).key


def test_where_the_platform_names_no_connection_the_strongest_of_the_handle_stands_in():
    everything = Handle(name="Ada", email="ada@example.com", user_id="u", external_id="x", registrant_id="r")
    told = event(joined(ADA).kind, everything, at=0, connection=None)
    names = []
    for field in ("registrant_id", "external_id", "user_id", "email", "name"):
        names.append(told.who)
        told = replace(told, handle=replace(told.handle, **{field: ""}))
    assert names == ["~r", "~x", "~u", "~ada@example.com", "~Ada"]
    assert told.who == ""


def test_what_happens_to_a_session_happens_to_nobody():
    told = session_ended(at=60)
    assert (told.handle, told.who, told.key) == (NOBODY, "", ("session-1", "", "session_ended", at(60)))
