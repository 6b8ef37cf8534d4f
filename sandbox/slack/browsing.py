"""Where a link leads: a person's browser goes there, as it does in Slack, and no further than this machine."""

from urllib.parse import urlsplit

import aiohttp

HERE = frozenset({"127.0.0.1", "localhost", "::1"})
BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
#: seconds of the machine
PATIENCE = 10


async def leads_to(url: str) -> str:
    """The address at which somebody arrives who opens a link: one of this machine is asked, and may send them on.

    What is elsewhere is not asked, and neither is where they are sent on to.
    """
    if not is_here(url):
        return url
    timeout = aiohttp.ClientTimeout(total=PATIENCE)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout, headers={"User-Agent": BROWSER}) as session,
            session.get(url, allow_redirects=False) as reply,
        ):
            return reply.headers.get("Location", url)
    except (aiohttp.ClientError, TimeoutError):
        return url


def is_here(url: str) -> bool:
    """Whether a link leads to this machine."""
    try:
        parts = urlsplit(url)
        has_port = parts.port != 0
    except ValueError:
        return False
    return parts.scheme == "http" and parts.hostname in HERE and has_port
