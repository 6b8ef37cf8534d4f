"""What a token allows its bearer to do, and of which course."""

from dataclasses import dataclass
from enum import StrEnum, unique


@unique
class Scope(StrEnum):
    """One thing that a token may be for; a token has one or more."""

    READ = "read"  # courses, lessons, attendance
    WRITE = "write"  # to change them
    ROOMS = "rooms"  # to make rooms and ways into them
    SIGNALING = "signaling"  # one person's presence logging in one lesson
    METRICS = "metrics"  # the program's own numbers


#: What the fixed token of the settings may do.
OF_THE_FIXED_TOKEN = frozenset({Scope.READ, Scope.ROOMS})


@dataclass(frozen=True, slots=True)
class Grant:
    """What the bearer of a good token may do."""

    scopes: frozenset[Scope]
    #: None: all courses of the workspace
    course_id: str | None = None

    def sees(self, course_id: str) -> bool:
        """Whether something of this course may be told."""
        return self.course_id is None or self.course_id == course_id
