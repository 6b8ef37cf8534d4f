"""When an admin hears of a connection that does not work: once for each trouble, and not of a slip."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.attendance.connection_trouble import (
    AccountDecision,
    AccountFacts,
    ChannelFacts,
    Standing,
    decide_account,
    decide_channel,
    subject_of_channel,
    subjects_of,
)
from bot.attendance.wanted import MessageKind
from tests.builders import NINE, at

ADMINS = ("rita",)
REFUSED, LATE = MessageKind.DELIVERIES_REFUSED, MessageKind.DELIVERIES_LATE
FIVE_MINUTES = timedelta(minutes=5)


def refused(count: int, **changes: Any) -> AccountFacts:
    given = {"id": "zoom-1", "platform": "zoom", "name": "", "refused": count}
    return AccountFacts(**{**given, "refused_first_at": at(0), "refused_last_at": at(1), **changes})


def late(**changes: Any) -> AccountFacts:
    given = {"id": "zoom-1", "platform": "zoom", "name": "", "last_received_at": at(0), "last_delay": FIVE_MINUTES}
    return AccountFacts(**{**given, **changes})


def decide(facts: AccountFacts, *, now: datetime, standing: Standing = frozenset()) -> AccountDecision:
    return decide_account(facts, admins=ADMINS, standing=standing, now=now)


def told(decision: AccountDecision) -> list[tuple[str, str]]:
    """Each message with its stage."""
    return [(wanted.kind.value, wanted.content["stage"]) for _, wanted in decision.wanted if wanted.content]


def stands(decision: AccountDecision) -> Standing:
    return frozenset((subject, wanted.kind.value, wanted.recipient) for subject, wanted in decision.wanted)


def test_an_account_that_is_well_is_nobody_s_business() -> None:
    facts = AccountFacts(id="zoom-1", platform="zoom", name="", last_received_at=at(0))
    assert decide(facts, now=at(1)) == AccountDecision(account_id="zoom-1")


@pytest.mark.parametrize(("count", "is_told"), [(1, False), (2, False), (3, True), (500, True)])
def test_one_or_two_refused_requests_are_a_slip_and_three_are_told(count: int, is_told: bool) -> None:
    assert bool(decide(refused(count), now=at(2)).wanted) is is_told


def test_the_admins_read_how_many_since_when_and_whether_others_arrive() -> None:
    ((_, wanted),) = decide(refused(3, last_received_at=at(0.5)), now=at(2)).wanted
    assert wanted.content is not None
    assert (wanted.recipient, wanted.content["count"], wanted.content["has_good"]) == ("rita", 3, True)
    assert wanted.content["since"] == int(at(0).timestamp())
    ((_, wanted),) = decide(refused(3, last_received_at=at(-1)), now=at(2)).wanted
    assert wanted.content is not None
    assert wanted.content["has_good"] is False


def test_more_of_them_are_an_edit_of_the_same_message_a_minute_later_at_the_earliest() -> None:
    ((first, _),) = decide(refused(3), now=at(2)).wanted
    ((second, wanted),) = decide(refused(9, refused_last_at=at(30)), now=at(31)).wanted
    assert first == second
    assert wanted.edit_gap_seconds == 60


def test_after_a_quiet_hour_it_is_over_and_the_next_trouble_is_a_new_message() -> None:
    ongoing = decide(refused(3), now=at(60))
    assert (told(ongoing), ongoing.is_quiet, ongoing.next_look_at) == ([(REFUSED, "refused")], False, at(61))
    over = decide(refused(3), now=at(61), standing=stands(ongoing))
    assert (told(over), over.is_quiet, over.next_look_at) == ([(REFUSED, "over")], True, None)
    ((again, _),) = decide(refused(3, refused_first_at=at(90), refused_last_at=at(91)), now=at(92)).wanted
    assert again != ongoing.wanted[0][0]


def test_that_it_is_over_is_told_only_to_whom_it_was_told() -> None:
    assert told(decide(refused(3), now=at(61))) == []
    slip = decide(refused(2), now=at(61))
    assert (told(slip), slip.is_quiet) == ([], True)


def test_what_comes_late_all_at_once_is_the_end_of_an_outage_and_is_not_told() -> None:
    first = decide(late(), now=at(0))
    assert (told(first), first.late_first_at) == ([], at(0))
    assert told(decide(late(last_received_at=at(1.9), late_first_at=at(0)), now=at(2))) == []


def test_what_is_still_late_after_two_minutes_is_told_with_the_delay_in_minutes() -> None:
    decision = decide(late(last_received_at=at(2), late_first_at=at(0), last_delay=timedelta(seconds=754)), now=at(2))
    assert told(decision) == [(LATE, "late")]
    content = decision.wanted[0][1].content
    assert content is not None
    assert (content["since"], content["delay_seconds"]) == (int(at(0).timestamp()), 720)


def test_when_deliveries_come_in_time_again_it_is_over() -> None:
    ongoing = decide(late(last_received_at=at(2), late_first_at=at(0)), now=at(2))
    in_time = late(last_received_at=at(3), late_first_at=at(0), last_delay=timedelta(seconds=2))
    over = decide(in_time, now=at(3), standing=stands(ongoing))
    assert (told(over), over.late_first_at) == ([(LATE, "over")], None)
    assert told(decide(in_time, now=at(3))) == []


def test_what_has_sent_nothing_for_an_hour_is_not_late_any_more() -> None:
    ongoing = decide(late(last_received_at=at(2), late_first_at=at(0)), now=at(2))
    assert ongoing.next_look_at == at(62)
    over = decide(late(last_received_at=at(2), late_first_at=at(0)), now=at(62), standing=stands(ongoing))
    assert (told(over), over.late_first_at, over.next_look_at) == ([(LATE, "over")], None, None)


def test_the_messages_to_ask_for_are_those_that_may_be_wanted() -> None:
    facts = late(last_received_at=at(2), late_first_at=at(0), refused=3, refused_first_at=at(1), refused_last_at=at(1))
    wanted = {subject for subject, _ in decide(facts, now=at(2)).wanted}
    assert len(wanted) == 2
    assert wanted <= set(subjects_of(facts))
    assert {subject for subject, _ in decide(late(), now=at(0)).wanted} <= set(subjects_of(late()))


def channel(code: str = "not_in_channel", **changes: Any) -> ChannelFacts:
    return ChannelFacts(**{"channel": "#python", "refused_at": NINE, "code": code, **changes})


@pytest.mark.parametrize("code", ["not_in_channel", "channel_not_found", "is_archived", "restricted_action"])
def test_a_channel_that_takes_no_messages_is_told_once_a_day(code: str) -> None:
    ((subject, wanted),) = decide_channel(channel(code), admins=ADMINS, standing=frozenset(), now=at(1))
    assert wanted.content == {"channel": "#python", "stage": "refused", "code": code}
    same_day = channel(code, refused_at=NINE + timedelta(hours=5))
    next_day = channel(code, refused_at=NINE + timedelta(days=1))
    assert subject_of_channel(same_day) == subject != subject_of_channel(next_day)


def test_a_message_that_slack_refuses_for_what_it_says_is_no_channel_s_trouble() -> None:
    assert decide_channel(channel("invalid_blocks"), admins=ADMINS, standing=frozenset(), now=at(1)) == ()


def test_once_something_stands_there_again_it_is_over() -> None:
    taken = channel(sent_at=at(5))
    standing = frozenset({(subject_of_channel(taken), MessageKind.SLACK_REFUSED.value, "rita")})
    ((_, wanted),) = decide_channel(taken, admins=ADMINS, standing=standing, now=at(6))
    assert wanted.content is not None
    assert wanted.content["stage"] == "over"
    assert decide_channel(taken, admins=ADMINS, standing=frozenset(), now=at(6)) == ()
