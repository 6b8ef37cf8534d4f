"""Checks of the platforms' APIs: whether those that keep records can be asked for them."""

from collections.abc import AsyncIterator
from datetime import datetime

from bot.connectors import PlatformClient
from bot.errors import PlatformBusy, PlatformRefused, PlatformUnavailable
from bot.settings import Settings
from handlers.cli.finding import Finding
from handlers.platforms import CLIENTS, VARIABLES, secrets_by_platform


async def record_findings(settings: Settings, *, now: datetime) -> AsyncIterator[Finding]:
    """What each platform with credentials for its API can be asked, and of which webhooks come without any."""
    switched_on = secrets_by_platform(settings)
    for platform, client_of in CLIENTS.items():
        client = client_of(settings)
        if client is not None:
            async for finding in _asked(platform, client, now):
                yield finding
        elif platform in switched_on:
            variables = _credentials_of(platform)
            yield Finding("records", f"{platform} is not asked for its own: {', '.join(variables)} are not set")


async def _asked(platform: str, client: PlatformClient, now: datetime) -> AsyncIterator[Finding]:
    try:
        credentials = await _credentials(platform, client)
        yield credentials
        if credentials.is_well:
            yield await _rooms(platform, client, now)
    finally:
        await client.close()


async def _rooms(platform: str, client: PlatformClient, now: datetime) -> Finding:
    """Not every plan tells, and who has another one has nothing to mend."""
    try:
        await client.inside([], now=now)
    except (PlatformRefused, PlatformBusy, PlatformUnavailable) as problem:
        return Finding("rooms", f"{platform} does not say who is in, so webhooks alone do: {str(problem).rstrip('.')}")
    return Finding("rooms", f"{platform} says who is in a room of which no webhooks come")


async def _credentials(platform: str, client: PlatformClient) -> Finding:
    try:
        await client.check()
    except PlatformRefused as refused:
        variables, place = _credentials_of(platform), VARIABLES[platform].credentials_from
        return Finding("records", str(refused).rstrip("."), f"copy {', '.join(variables)} again from {place}")
    except (PlatformBusy, PlatformUnavailable) as problem:
        return Finding("records", str(problem).rstrip("."), f"check the network and {platform}'s status, try again")
    return Finding("records", f"{platform} takes our credentials and can be asked for its own")


def _credentials_of(platform: str) -> list[str]:
    kind = VARIABLES[platform]
    return [kind.variable(name) for name in kind.credentials]
