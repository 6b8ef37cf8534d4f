"""The two lists of a scenario: what happens, and what people are told."""

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sandbox import verbs
from sandbox.classroom.deliveries import Handling
from sandbox.moments import length
from sandbox.places import Fields, Items, Problems, Text, plain
from sandbox.scenario_courses import Courses
from sandbox.scenario_people import Cast, handles_of
from sandbox.story import Kind, Never, Pattern, Step, Told

KINDS: Mapping[str, Kind] = {"says": "posted", "becomes": "edited", "removed": "deleted", "whispers": "ephemeral"}
DELIVERY = {"delay", "lost", "doubled", "unheard", "again_after"}
WITHIN = timedelta(seconds=5)


class Script:
    """Reads steps and lines; what is wrong goes to `problems` and gets a harmless stand-in.

    `moment` reads a time and raises ValueError.
    """

    def __init__(
        self,
        *,
        cast: Cast,
        channels: Collection[str],
        courses: Courses,
        moment: Callable[[str], datetime],
        starts_at: datetime,
        problems: Problems,
    ) -> None:
        self._cast = cast
        self._channels = channels
        self._courses = courses
        self._read_moment = moment
        self._starts_at = starts_at
        self._problems = problems

    def steps(self, items: Items) -> Iterator[Step]:
        """One for each of `happens`; one for each person and room where it needs several."""
        known = {*verbs.CLASSROOM, *verbs.SLACK, "slack", "feed"}
        for position, item in enumerate(items):
            where = f"happens[{position}]"
            fields = self._problems.of_kind(item, Fields, where)
            found = [key for key in fields if key in known]
            if len(found) == 1:
                yield from self._steps(fields, found[0], where)
            else:
                self._problems.at(fields, where, f"needs one verb; known are {', '.join(sorted(known))}")

    def told(self, items: Items) -> Iterator[Told]:
        """One for each recipient of each of `told`."""
        for position, item in enumerate(items):
            where = f"told[{position}]"
            fields = self._problems.of_kind(item, Fields, where)
            self._problems.no_others(fields, {"at", "to", "shows", "within", *KINDS}, where)
            kinds = [key for key in KINDS if key in fields]
            if len(kinds) == 1:
                yield from self._lines(fields, kinds[0], where)
            else:
                self._problems.at(fields, where, f"needs one of {', '.join(KINDS)}")

    def never(self, items: Items) -> Iterator[Never]:
        for position, item in enumerate(items):
            where = f"never[{position}]"
            fields = self._problems.of_kind(item, Fields, where)
            self._problems.no_others(fields, {"to", "says"}, where)
            says = self._pattern(fields.get("says", ""), fields, where)
            for to in self._recipients(fields, where):
                yield Never(to=to, says=says, line=fields.line)

    def moment(self, text: Any, where: str, at: Any = None) -> datetime:
        try:
            return self._read_moment(str(text))
        except ValueError as error:
            self._problems.at(at or text, where, str(error))
            return self._starts_at

    def length(self, text: Any, where: str) -> timedelta:
        try:
            return length(self._problems.of_kind(text, Text, where))
        except ValueError as error:
            self._problems.at(text, where, str(error))
            return timedelta()

    def _span(self, fields: Fields, where: str) -> tuple[datetime, datetime]:
        """`18:03` from then to then, `18:03..18:08` from the one to the other."""
        begins, dots, ends = str(fields.get("at", "")).partition("..")
        first = self.moment(begins, f"{where}.at", fields)
        last = self.moment(ends, f"{where}.at", fields) if dots else first
        if last < first:
            self._problems.at(fields, f"{where}.at", f"{ends} is before {begins}")
        return first, max(first, last)

    def _lines(self, fields: Fields, kind: str, where: str) -> Iterator[Told]:
        first, last = self._span(fields, where)
        shows = fields.get("shows", Items())
        patterns = tuple(
            self._pattern(text, fields, f"{where}.shows") for text in (shows if isinstance(shows, Items) else [shows])
        )
        says = self._pattern(fields[kind], fields, f"{where}.{kind}")
        within = self.length(fields["within"], f"{where}.within") if "within" in fields else WITHIN
        for to in self._recipients(fields, where):
            yield Told(
                at=first + (last - first) / 2,
                to=to,
                kind=KINDS[kind],
                says=says,
                shows=patterns,
                within=within + (last - first) / 2,
                line=fields.line,
            )

    def _steps(self, fields: Fields, verb: str, where: str) -> Iterator[Step]:
        who = tuple(self._cast.named(fields[verb]))
        options = self._options_of(verb, who, fields, where)
        self._problems.no_others(fields, {"at", verb, *(name.rstrip("!") for name in options)}, where)
        for name in options:
            if name.endswith("!") and name[:-1] not in fields:
                self._problems.at(fields, where, f"{verb} needs {name[:-1]}")
        is_room = verb in verbs.CLASSROOM or verb == "feed"
        given = {name: text for name, text in fields.items() if name not in {"at", verb, "in" if is_room else ""}}
        values = {name: self._option(name, text, f"{where}.{name}") for name, text in given.items()}
        first, last = self._span(fields, where)
        rooms = self._rooms(verb, who, fields, where) if is_room else [""] * len(who)
        if verb in verbs.OF_THE_HOST:
            self._only_hosts(verb, who, rooms, fields, where)
        if first == last:
            for room in dict.fromkeys(rooms):
                together = tuple(handle for handle, its in zip(who, rooms, strict=True) if its == room)
                yield Step(at=first, verb=verb, who=together, options=values, line=fields.line, room=room)
            return
        for position, (handle, room) in enumerate(zip(who, rooms, strict=True)):
            at = (first + (last - first) * position / max(1, len(who) - 1)).replace(microsecond=0)
            yield Step(at=at, verb=verb, who=(handle,), options=values, line=fields.line, room=room)

    def _rooms(self, verb: str, who: Sequence[str], fields: Fields, where: str) -> list[str]:
        """Where each of them does it: `in` a course's room, else in the only one of their courses; "" if in doubt."""
        key = fields.get("in")
        if key is not None:
            room = self._courses.room_of(key)
            if room is None:
                self._problems.at(key, f"{where}.in", f"there is no course {key!r}; there are {self._courses.keys()}")
            return [room or ""] * len(who)
        if verb == "feed":
            return [""] * len(who)
        found = [self._courses.rooms_of(handle) for handle in who]
        for handle, rooms in zip(who, found, strict=True):
            if len(rooms) != 1 and handle in self._cast.people:
                named = f"{handle} is in {len(rooms)} of the rooms"
                self._problems.at(fields, where, f"{named}; say `in` which course: {self._courses.keys()}")
        return [rooms[0] if len(rooms) == 1 else "" for rooms in found]

    def _only_hosts(self, verb: str, who: Sequence[str], rooms: Sequence[str], fields: Fields, where: str) -> None:
        for handle, room in zip(who, rooms, strict=True):
            host = self._courses.rooms()[room].host.handle if room else handle
            if handle != host:
                self._problems.at(fields, where, f"{verb} is for the host, who is {host}")

    def _options_of(self, verb: str, who: tuple[str, ...], fields: Fields, where: str) -> frozenset[str]:
        """The options that this step may have; complains about who or what it is about."""
        if verb == "slack":
            if who[0] not in verbs.FAULTS:
                known = ", ".join(sorted(verbs.FAULTS))
                self._problems.at(fields, where, f"{who[0]!r} is no fault; known are {known}")
            return verbs.FAULTS.get(who[0], frozenset()) | {"method"}
        if verb == "feed":
            if who[0] not in verbs.FEEDS:
                self._problems.at(fields, where, f"a feed is one of {', '.join(sorted(verbs.FEEDS))}")
            return frozenset({"in"})
        speaker = (str(fields["from"]),) if "from" in fields else ()
        for handle in handles_of(self._cast, Items((*who, *speaker)), where, self._problems, at=fields):
            if verb in verbs.SLACK and not self._cast.people[handle].slack:
                self._problems.at(fields, where, f"{handle} has no Slack")
        return verbs.CLASSROOM[verb][1] | {"delivery", "in"} if verb in verbs.CLASSROOM else verbs.SLACK[verb][1]

    def _option(self, name: str, text: Any, where: str) -> Any:
        if name == "delivery":
            return self._handling(text, where)
        if name == "values":
            return plain(self._problems.of_kind(text, Fields, where))
        try:
            return verbs.OPTION_KINDS.get(name, str)(self._problems.of_kind(text, Text, where))
        except ValueError as error:
            self._problems.at(text, where, str(error))
            return timedelta()

    def _handling(self, value: Any, where: str) -> Handling:
        fields = self._problems.of_kind(value, Fields, where)
        self._problems.no_others(fields, DELIVERY, where)
        lengths = {
            name: self._option(name, fields[name], f"{where}.{name}")
            for name in ("delay", "again_after")
            if name in fields
        }
        return Handling(
            is_lost=fields.get("lost") == "yes",
            is_doubled=fields.get("doubled") == "yes",
            is_unheard=fields.get("unheard") == "yes",
            **lengths,
        )

    def _recipients(self, fields: Fields, where: str) -> Iterator[str]:
        for to in self._cast.named(fields.get("to", "")):
            if to in self._channels:
                yield to
            else:
                yield from handles_of(self._cast, to, f"{where}.to", self._problems, at=fields)

    def _pattern(self, text: Any, at: Any, where: str) -> Pattern:
        pattern = Pattern(text=str(text))
        try:
            pattern.is_in("")
        except re.error as error:
            self._problems.at(at, where, f"{pattern.text} is no regular expression: {error}")
            return Pattern(text="")
        return pattern
