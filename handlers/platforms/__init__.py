"""The platforms that Rollcall understands, by the name they have in URLs and course files."""

from collections.abc import Mapping

from bot.connectors import PlatformConnector
from handlers.platforms import hundredms, vcaas, zoom

#: Explicit, so that a folder does nothing before somebody adds its line here; a test finds one without.
CONNECTORS: Mapping[str, PlatformConnector] = {
    hundredms.connector.name: hundredms.connector,
    vcaas.connector.name: vcaas.connector,
    zoom.connector.name: zoom.connector,
}
