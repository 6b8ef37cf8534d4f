"""The schedule as it is kept, so that lessons can be laid out again without the file: plain JSON values and back."""

from datetime import date, datetime, timedelta
from typing import Any

from bot.timetable.schedule import Break, Calendar, Item, Repeated, Schedule, Single


def schedule_as_json(schedule: Schedule) -> list[dict[str, Any]]:
    """The items of a schedule; whether it is made of sessions is kept beside them."""
    return [_item_as_json(item) for item in schedule.items]


def schedule_from_json(items: list[dict[str, Any]] | None, *, from_sessions: bool = False) -> Schedule:
    """The schedule that `schedule_as_json` kept."""
    return Schedule(items=tuple(_item_from_json(item) for item in items or ()), from_sessions=from_sessions)


def breaks_as_json(breaks: tuple[Break, ...]) -> list[dict[str, int]]:
    """Breaks in whole seconds from the lesson's start."""
    return [{"after": _seconds(pause.after), "for": _seconds(pause.length)} for pause in breaks]


def breaks_from_json(breaks: list[dict[str, int]] | None) -> tuple[Break, ...]:
    """The breaks that `breaks_as_json` kept."""
    return tuple(
        Break(after=timedelta(seconds=pause["after"]), length=timedelta(seconds=pause["for"])) for pause in breaks or ()
    )


def _item_as_json(item: Item) -> dict[str, Any]:
    if isinstance(item, Calendar):
        return {"ics": item.ics}
    start = item.start.isoformat()
    if isinstance(item, Repeated):
        except_on = [day.isoformat() for day in item.except_on]
        return {"rrule": item.rule, "start": start, "duration": _seconds(item.length), "except": except_on}
    if isinstance(item.ends, timedelta):
        return {"start": start, "duration": _seconds(item.ends)}
    return {"start": start, "end": item.ends.isoformat()}


def _item_from_json(kept: dict[str, Any]) -> Item:
    if "ics" in kept:
        return Calendar(ics=kept["ics"])
    start = datetime.fromisoformat(kept["start"])
    if "end" in kept:
        return Single(start=start, ends=datetime.fromisoformat(kept["end"]))
    length = timedelta(seconds=kept["duration"])
    if "rrule" not in kept:
        return Single(start=start, ends=length)
    except_on = tuple(date.fromisoformat(day) for day in kept["except"])
    return Repeated(rule=kept["rrule"], start=start, length=length, except_on=except_on)


def _seconds(length: timedelta) -> int:
    return int(length.total_seconds())
