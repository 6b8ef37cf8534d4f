"""The `policy` of a course: the numbers it chooses, with our defaults for the others."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from itertools import pairwise
from typing import Any, Literal

from bot.attendance.lessons import END_OF_DAY, Policy
from bot.timetable.durations import duration, duration_between, written
from bot.timetable.fields import Fields
from bot.timetable.values import one_of, percent, truth

_ZERO = timedelta(0)
_DAY = timedelta(days=1)
_up_to_a_day = duration_between(_ZERO, _DAY)

#: attendance-rules, section 4
CHECK_TEMPLATES = ("off", "opentalk", "light", "cpe", "cle")


#: what `lock_after` may be beside a length
_LOCK_AFTER: Mapping[str, Literal["end of day"] | None] = {"never": None, END_OF_DAY: END_OF_DAY}


def _lock_after(text: str) -> timedelta | Literal["end of day"] | None:
    choice = " ".join(text.split())
    return _LOCK_AFTER[choice] if choice in _LOCK_AFTER else duration(text)


#: key → reader; every field of `Policy` that is one value
_READERS: Mapping[str, Callable[[str], Any]] = {
    "late_grace": _up_to_a_day,
    "early_grace": _up_to_a_day,
    "minimum": percent,
    "bridge": duration_between(_ZERO, timedelta(minutes=5)),
    "min_presence": _up_to_a_day,
    "basis": one_of("held", "planned"),
    "late_reference": one_of("trainer", "planned"),
    "tell_trainer_after": _up_to_a_day,
    "waiting_after": _up_to_a_day,
    "dropped_after": _up_to_a_day,
    "trainer_missing_after": _up_to_a_day,
    "coordinator_after": _up_to_a_day,
    "presence_checks": one_of(*CHECK_TEMPLATES),
    "autostart": truth,
    "check_rule": percent,
    "check_failure": one_of("flag", "partial"),
    "summary_names": truth,
    "lock_after": _lock_after,
    "retention": duration_between(_DAY, timedelta(days=36_500)),
}

_STEPS = "remind_students_after"
_HOST_ROLES = "host_roles"


def read_policy(fields: Fields | None) -> Policy:
    """The policy of a mapping; the defaults where there is none, or a value is wrong and reported."""
    if fields is None:
        return Policy()
    chosen: dict[str, Any] = {}
    for key, read in _READERS.items():
        found = fields.optional(key, partial(_read_as_choice, key, read))
        chosen.update(found or {})
    steps = fields.texts(_STEPS, _up_to_a_day)
    if steps is not None:
        _check_order(steps, fields)
        chosen[_STEPS] = steps
    roles = fields.texts(_HOST_ROLES, _role)
    if roles is not None:
        chosen[_HOST_ROLES] = roles
    fields.finish()
    return Policy(**chosen)


def _read_as_choice(key: str, read: Callable[[str], Any], text: str) -> dict[str, Any]:
    # Not the bare value, because None is a choice too: `lock_after: never`.
    return {key: read(text)}


def _role(text: str) -> str:
    if not text:
        raise ValueError("is empty: write the name of a role, as the platform has it")
    return text.lower()


def _check_order(steps: tuple[timedelta, ...], fields: Fields) -> None:
    if any(later <= earlier for earlier, later in pairwise(steps)):
        shown = ", ".join(written(step) for step in steps)
        fields.problems.add(
            fields.place_of(_STEPS), f"`[{shown}]` is not in order: write the earlier step first, each once"
        )
