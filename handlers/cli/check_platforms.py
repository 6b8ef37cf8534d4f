"""Checks of the platforms' APIs: whether those that keep records can be asked for them."""

from collections.abc import AsyncIterator

from bot.connectors import PlatformClient
from bot.errors import PlatformBusy, PlatformRefused, PlatformUnavailable
from bot.settings import Settings
from handlers.cli.finding import Finding
from handlers.platforms import CLIENTS, VARIABLES, secrets_by_platform


async def record_findings(settings: Settings) -> AsyncIterator[Finding]:
    """One line for each platform with credentials for its API, or of which webhooks come without any."""
    switched_on = secrets_by_platform(settings)
    for platform, client_of in CLIENTS.items():
        client = client_of(settings)
        if client is not None:
            yield await _credentials(platform, client)
        elif platform in switched_on:
            variables = _credentials_of(platform)
            yield Finding("records", f"{platform} is not asked for its own: {', '.join(variables)} are not set")


async def _credentials(platform: str, client: PlatformClient) -> Finding:
    try:
        await client.check()
    except PlatformRefused as refused:
        variables, place = _credentials_of(platform), VARIABLES[platform].credentials_from
        return Finding("records", str(refused).rstrip("."), f"copy {', '.join(variables)} again from {place}")
    except (PlatformBusy, PlatformUnavailable) as problem:
        return Finding("records", str(problem).rstrip("."), f"check the network and {platform}'s status, try again")
    finally:
        await client.close()
    return Finding("records", f"{platform} takes our credentials and can be asked for its own")


def _credentials_of(platform: str) -> list[str]:
    kind = VARIABLES[platform]
    return [kind.variable(name) for name in kind.credentials]
