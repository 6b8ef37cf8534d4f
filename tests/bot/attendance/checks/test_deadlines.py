"""Deadlines that are close together are looked at together: a thousand students are asked over four minutes."""

from datetime import timedelta

from bot.attendance.checks.answers import next_deadline
from bot.attendance.checks.values import Answer, AnswerState
from tests.builders import Moment, at


def awaited(*deadlines: Moment | None) -> list[Answer]:
    return [
        Answer(
            checkpoint_id="first",
            person_id=str(number),
            state=AnswerState.AWAITED,
            deadline=at(deadline) if deadline is not None else None,
        )
        for number, deadline in enumerate(deadlines)
    ]


def test_one_deadline_is_looked_at_when_it_comes() -> None:
    assert next_deadline(awaited(5, 7, None)) == [at(5)]


def test_those_within_ten_seconds_of_the_first_are_looked_at_with_the_last_of_them() -> None:
    assert next_deadline(awaited("09:05:00", "09:05:03", "09:05:10", "09:05:11")) == [at("09:05:10")]


def test_nobody_is_looked_at_much_later_than_due_however_many_there_are() -> None:
    quarter = timedelta(seconds=0.25)
    (moment,) = next_deadline(awaited(*(at(5) + number * quarter for number in range(1_000))))
    assert moment - at(5) == timedelta(seconds=10)


def test_without_a_deadline_there_is_no_moment() -> None:
    assert next_deadline(awaited(None)) == []
    assert next_deadline([]) == []
