"""Calendar files (iCalendar, RFC 5545) as timetables: events, repetitions, exceptions and what was moved."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events

from bot.text import clean_text
from bot.timetable import rules
from bot.timetable.local_time import instant
from bot.timetable.problems import quoted

#: what the libraries raise on calendars that no tool should write
_UNREADABLE = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """One event of a calendar at one time."""

    uid: str
    #: when the series planned it (RECURRENCE-ID); empty for an event that does not repeat: its UID names it
    original_start: str
    start: datetime
    end: datetime


def check(ics: str) -> int:
    """How many all-day events, which are no lessons, a calendar has. Raises `ValueError` with what is wrong in it."""
    try:
        calendar = icalendar.Calendar.from_ical(ics)
    except _UNREADABLE as error:
        message = f"this is no calendar ({clean_text(str(error), longest=80)}): export it again as .ics"
        raise ValueError(message) from error
    if not isinstance(calendar, icalendar.Calendar) or not calendar.events:
        message = "has no event: export it again with its events"
        raise ValueError(message)
    for event in calendar.events:
        _check_event(event)
    return sum(not isinstance(event.start, datetime) for event in calendar.events)


def is_endless(ics: str) -> bool:
    """Whether a lesson of the calendar repeats without end."""
    timed = (event for event in icalendar.Calendar.from_ical(ics).events if _is_timed(event))
    return any(rules.is_endless(rule) for event in timed for rule in _rules(event))


def events(ics: str, *, zone: ZoneInfo, until: datetime | None, most: int, longest: timedelta) -> Iterator[Occurrence]:
    """The lessons of a calendar that `check` found good; times without a zone are those of `zone`.

    An endless calendar gives what starts up to `until` and at most `longest` after its first event. Any other gives
    all, but at most one lesson more than `most` and one later than `longest`: so the caller sees the limit broken.
    Raises `ValueError` where the libraries cannot repeat an event.
    """
    try:
        yield from _events(ics, zone=zone, until=until, most=most, longest=longest)
    except _UNREADABLE as error:
        message = f"its events cannot be repeated ({clean_text(str(error), longest=80)}): export it again as .ics"
        raise ValueError(message) from error


def _events(ics: str, *, zone: ZoneInfo, until: datetime | None, most: int, longest: timedelta) -> Iterator[Occurrence]:
    calendar = icalendar.Calendar.from_ical(ics)
    # An all-day holiday that comes back every year would never let the search end.
    lasting = {id(event) for event in calendar.events if not _is_timed(event)}
    calendar.subcomponents = [part for part in calendar.subcomponents if id(part) not in lasting]
    starts = [instant(_times(event)[0], zone) for event in calendar.events]
    if not starts:
        return
    goes_on = is_endless(ics)
    limit = min(starts) + longest
    last = min(limit, until) if goes_on and until is not None else limit
    repeated = _repeated(calendar)
    for event in islice(recurring_ical_events.of(calendar).after(min(starts) - timedelta(days=1)), most + 1):
        occurrence = _occurrence(event, repeated, zone)
        is_beyond = occurrence.start > last
        if is_beyond and goes_on:
            return
        if event.get("STATUS") != "CANCELLED":
            yield occurrence
        if is_beyond:
            return


def _check_event(event: icalendar.Event) -> None:
    name = quoted(str(event.get("SUMMARY") or event.get("UID") or "an event"))
    try:
        if event.errors:
            raise ValueError(*event.errors[0])
        start, _ = event.start, event.end
        for rule in _rules(event):
            rules.rule(rule)
    except _UNREADABLE as error:
        message = f"the event {name} cannot be read ({clean_text(str(error), longest=160)}): mend it and export again"
        raise ValueError(message) from error
    zone = event["DTSTART"].params.get("TZID")
    if zone and isinstance(start, datetime) and start.tzinfo is None:
        message = f"the event {name} is in the zone {quoted(str(zone))}, which nobody knows: give it an IANA zone"
        raise ValueError(message)


def _is_timed(event: icalendar.Event) -> bool:
    return isinstance(event.start, datetime)


def _times(event: icalendar.Event) -> tuple[datetime, datetime]:
    start, end = event.start, event.end
    assert isinstance(start, datetime)
    assert isinstance(end, datetime)
    return start, end


def _rules(event: icalendar.Event) -> Iterable[str]:
    found = event.get("RRULE", [])
    return [rule.to_ical().decode() for rule in (found if isinstance(found, list) else [found])]


def _repeated(calendar: icalendar.Calendar) -> dict[str, set[str]]:
    """UID of each series → the occurrences that were changed one by one, by their RECURRENCE-ID."""
    found: dict[str, set[str]] = {}
    for event in calendar.events:
        if "RECURRENCE-ID" in event:
            found.setdefault(_uid(event), set()).add(_original(event))
        elif "RRULE" in event or "RDATE" in event:
            found.setdefault(_uid(event), set())
    return found


def _occurrence(event: icalendar.Event, repeated: dict[str, set[str]], zone: ZoneInfo) -> Occurrence:
    uid = _uid(event)
    begin, stop = _times(event)
    start, end = instant(begin, zone), instant(stop, zone)
    original = _original(event) if uid in repeated else ""
    # DTEND of a series stands for its length: elapsed time, also in the night in which the clocks change.
    if uid in repeated and original not in repeated[uid] and begin.tzinfo == stop.tzinfo:
        end = start + (stop.replace(tzinfo=None) - begin.replace(tzinfo=None))
    return Occurrence(uid=uid, original_start=original, start=start, end=end)


def _uid(event: icalendar.Event) -> str:
    return clean_text(str(event.get("UID", "")))


def _original(event: icalendar.Event) -> str:
    """RECURRENCE-ID as text. Tools write it in the zone of the series or in UTC: both give the same."""
    planned: date = event.decoded("RECURRENCE-ID")
    if not isinstance(planned, datetime):
        return str(planned)
    return (planned.astimezone(UTC) if planned.tzinfo else planned).isoformat(timespec="minutes")
