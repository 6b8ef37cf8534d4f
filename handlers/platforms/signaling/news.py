"""What our own sockets have to tell, as the body of a delivery: one object for each that opens or is closed."""

from datetime import datetime

import msgspec

#: as much as one of them may be; the longest name and room make a tenth of it
MAX_BODY = 16 * 1024


class Who(msgspec.Struct, kw_only=True, frozen=True):
    """The person of a socket's token."""

    #: our own id: the token names it, so nothing is left to recognise
    id: str
    name: str = ""
    email: str = ""
    teaches: bool = False


class News(msgspec.Struct, kw_only=True, frozen=True, omit_defaults=True):
    """A socket was opened or closed."""

    #: `joined` or `left`
    event: str
    at: datetime
    room: str
    #: the run of the room: from its first socket to its last
    session: str
    #: the socket
    connection: str
    who: Who
    #: it is the first, or it was the last: the run begins or ends with it
    alone: bool = False
    #: it broke; nobody closed it
    lost: bool = False
    #: nobody saw it end: `at` is when it was last known to be open
    assumed: bool = False


def written(news: News) -> bytes:
    return msgspec.json.encode(news)
