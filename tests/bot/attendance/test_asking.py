"""When a platform is asked for its record: five attempts after the end, and not for ever."""

from datetime import datetime, timedelta

import pytest

from bot.attendance.asking import after_no_answer, first_attempt, next_attempt
from tests.builders import at

END = at(60)


def minutes_after(moment: datetime | None) -> float | None:
    return None if moment is None else (moment - END) / timedelta(minutes=1)


def test_the_attempts_are_5_and_35_minutes_and_2_6_and_24_hours_after_the_end() -> None:
    found = [minutes_after(first_attempt(END, now=END))]
    while found[-1] is not None:
        found.append(minutes_after(next_attempt(END, now=END + timedelta(minutes=found[-1]))))
    assert found == [5, 35, 120, 360, 1440, None]


@pytest.mark.parametrize(("now", "asked", "then"), [(0, 5, 35), (50, 50, 120), (2000, 2000, None)])
def test_attempts_whose_moment_is_past_are_made_at_once_as_one(now: int, asked: int, then: int | None) -> None:
    moment = first_attempt(END, now=END + timedelta(minutes=now))
    assert (minutes_after(moment), minutes_after(next_attempt(END, now=moment))) == (asked, then)


def no_answer(after: float, *, tries: int = 0, wait: float | None = None) -> tuple[float | None, int]:
    asked_to_wait = None if wait is None else timedelta(minutes=wait)
    now = END + timedelta(minutes=after)
    due_at, again = after_no_answer(END, tries=tries, asked_to_wait=asked_to_wait, now=now)
    return minutes_after(due_at), again


def test_where_there_is_no_answer_it_is_tried_three_times_and_then_at_the_next_attempt() -> None:
    assert [no_answer(5), no_answer(6, tries=1), no_answer(8, tries=2)] == [(6, 1), (8, 2), (12, 3)]
    assert no_answer(12, tries=3) == (35, 0)


def test_after_the_last_attempt_three_more_are_all() -> None:
    assert no_answer(1440, tries=2) == (1444, 3)
    assert no_answer(1444, tries=3) == (None, 0)


def test_what_a_platform_asks_us_to_wait_is_waited_but_no_attempt_is_put_off_by_it() -> None:
    assert no_answer(5, wait=10) == (15, 1)
    assert no_answer(5, wait=500) == (35, 0)
    assert no_answer(121, wait=500) == (151, 1)
