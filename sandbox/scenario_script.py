"""The two lists of a scenario: what happens, and what people are told."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sandbox import verbs
from sandbox.classroom.deliveries import Handling
from sandbox.places import Fields, Items, Problems, Text, plain
from sandbox.story import Face, Kind, Never, Pattern, Step, Told, host_of

KINDS: Mapping[str, Kind] = {"says": "posted", "becomes": "edited", "removed": "deleted", "whispers": "ephemeral"}
DELIVERY = {"delay", "lost", "doubled", "again_after"}
WITHIN = timedelta(seconds=5)


class Script:
    """Reads steps and lines; what is wrong goes to `problems` and gets a harmless stand-in.

    `moment` reads a time and raises ValueError.
    """

    def __init__(
        self,
        *,
        people: Mapping[str, Face],
        channels: Collection[str],
        moment: Callable[[str], datetime],
        starts_at: datetime,
        problems: Problems,
    ) -> None:
        self._people = people
        self._channels = channels
        self._read_moment = moment
        self._starts_at = starts_at
        self._problems = problems

    def steps(self, items: Items) -> Iterable[Step]:
        known = {*verbs.CLASSROOM, *verbs.SLACK, "slack", "feed"}
        for position, item in enumerate(items):
            where = f"happens[{position}]"
            fields = self._problems.of_kind(item, Fields, where)
            found = [key for key in fields if key in known]
            if len(found) == 1:
                yield self._step(fields, found[0], where)
            else:
                self._problems.at(fields, where, f"needs one verb; known are {', '.join(sorted(known))}")

    def told(self, items: Items) -> Iterable[Told]:
        for position, item in enumerate(items):
            where = f"told[{position}]"
            fields = self._problems.of_kind(item, Fields, where)
            self._problems.no_others(fields, {"at", "to", "shows", "within", *KINDS}, where)
            kinds = [key for key in KINDS if key in fields]
            if len(kinds) == 1:
                yield self._line(fields, kinds[0], where)
            else:
                self._problems.at(fields, where, f"needs one of {', '.join(KINDS)}")

    def never(self, items: Items) -> Iterable[Never]:
        for position, item in enumerate(items):
            where = f"never[{position}]"
            fields = self._problems.of_kind(item, Fields, where)
            self._problems.no_others(fields, {"to", "says"}, where)
            says = self._pattern(fields.get("says", ""), fields, where)
            yield Never(to=self._recipient(fields, where), says=says, line=fields.line)

    def moment(self, text: Any, where: str, at: Any = None) -> datetime:
        try:
            return self._read_moment(str(text))
        except ValueError as error:
            self._problems.at(at or text, where, str(error))
            return self._starts_at

    def knows(self, handle: str, where: str, at: Any) -> bool:
        if handle in self._people:
            return True
        self._problems.at(at, where, f"nobody is called {handle!r}; there are {', '.join(self._people)}")
        return False

    def _line(self, fields: Fields, kind: str, where: str) -> Told:
        shows = fields.get("shows", Items())
        return Told(
            at=self.moment(fields.get("at", ""), f"{where}.at", fields),
            to=self._recipient(fields, where),
            kind=KINDS[kind],
            says=self._pattern(fields[kind], fields, f"{where}.{kind}"),
            shows=tuple(
                self._pattern(text, fields, f"{where}.shows")
                for text in (shows if isinstance(shows, Items) else [shows])
            ),
            within=self._option("delay", fields["within"], f"{where}.within") if "within" in fields else WITHIN,
            line=fields.line,
        )

    def _step(self, fields: Fields, verb: str, where: str) -> Step:
        value = fields[verb]
        who = tuple(str(name) for name in value) if isinstance(value, Items) else (str(value),)
        options = self._options_of(verb, who, fields, where)
        self._problems.no_others(fields, {"at", verb, *(name.rstrip("!") for name in options)}, where)
        for name in options:
            if name.endswith("!") and name[:-1] not in fields:
                self._problems.at(fields, where, f"{verb} needs {name[:-1]}")
        given = {name: text for name, text in fields.items() if name not in {"at", verb}}
        return Step(
            at=self.moment(fields.get("at", ""), f"{where}.at", fields),
            verb=verb,
            who=who,
            options={name: self._option(name, text, f"{where}.{name}") for name, text in given.items()},
            line=fields.line,
        )

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
            return frozenset()
        for handle in who:
            if self.knows(handle, where, fields):
                self._may(handle, verb, fields, where)
        return verbs.CLASSROOM[verb][1] | {"delivery"} if verb in verbs.CLASSROOM else verbs.SLACK[verb][1]

    def _may(self, handle: str, verb: str, fields: Fields, where: str) -> None:
        if verb in verbs.SLACK and not self._people[handle].slack:
            self._problems.at(fields, where, f"{handle} has no Slack")
        host = host_of(self._people)
        if verb in verbs.OF_THE_HOST and handle != host.handle:
            self._problems.at(fields, where, f"{verb} is for the host, who is {host.handle}")

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
        return Handling(is_lost=fields.get("lost") == "yes", is_doubled=fields.get("doubled") == "yes", **lengths)

    def _recipient(self, fields: Fields, where: str) -> str:
        to = str(fields.get("to", ""))
        return to if to in self._channels or self.knows(to, f"{where}.to", fields) else ""

    def _pattern(self, text: Any, at: Any, where: str) -> Pattern:
        pattern = Pattern(text=str(text))
        try:
            pattern.is_in("")
        except re.error as error:
            self._problems.at(at, where, f"{pattern.text} is no regular expression: {error}")
            return Pattern(text="")
        return pattern
