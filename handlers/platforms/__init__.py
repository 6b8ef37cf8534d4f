"""The platforms that Rollcall understands, by the name they have in URLs and course files."""

from collections.abc import Callable, Mapping, Sequence

from bot.connectors import PlatformClient, PlatformConnector
from bot.settings import Settings
from bot.variables import PlatformVariables
from handlers.platforms import hundredms, signaling, vcaas, zoom

#: Explicit, so that a folder does nothing before somebody adds its line here; a test finds one without.
PLATFORMS = (
    hundredms.platform,
    signaling.platform,
    vcaas.platform,
    zoom.platform,
)

CONNECTORS: Mapping[str, PlatformConnector] = {each.name: each.connector for each in PLATFORMS}
#: Of those that have any.
VARIABLES: Mapping[str, type[PlatformVariables]] = {
    each.name: each.variables for each in PLATFORMS if each.variables is not None
}
#: What makes the client of each platform that keeps records to ask for; None where the settings have no credentials.
CLIENTS: Mapping[str, Callable[[Settings], PlatformClient | None]] = {
    each.name: each.client for each in PLATFORMS if each.client is not None
}
#: Of our own: always switched on, without a secret, because nobody outside can tell us anything of them.
OWN = CONNECTORS.keys() - VARIABLES.keys()
#: The variable that switches each of the others on.
SWITCHES: Mapping[str, str] = {name: kind.variable(kind.switched_on_by) for name, kind in VARIABLES.items()}


def secrets_by_platform(settings: Settings) -> dict[str, Sequence[str]]:
    """The webhook secrets of each platform that is switched on."""
    found = {name: settings.of(kind).secrets for name, kind in VARIABLES.items()}
    return {name: secrets for name, secrets in found.items() if secrets}


def missing_credentials(settings: Settings) -> list[str]:
    """One line for each variable that a platform's API needs beside others that are given."""
    return [line for kind in VARIABLES.values() for line in settings.of(kind).missing_credentials()]
