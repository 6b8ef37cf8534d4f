"""From the time on the wall to the instant, also in the two nights of the year in which they disagree."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo


def instant(local: datetime, zone: ZoneInfo) -> datetime:
    """The instant, in UTC, of a local time of the zone; an offset of its own wins over the zone.

    A time that does not exist moves forward (02:30 becomes 03:30), one that exists twice is the first: the test vectors
    in section 8 of the attendance rules. Both are what `fold=0` means in PEP 495.
    """
    if local.tzinfo is None:
        local = local.replace(tzinfo=zone, fold=0)
    return local.astimezone(UTC)
