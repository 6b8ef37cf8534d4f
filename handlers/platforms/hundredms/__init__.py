"""100ms: webhooks of rooms and sessions."""

from bot.connectors import Platform
from handlers.platforms.hundredms.client import HundredmsClient
from handlers.platforms.hundredms.connector import HundredmsConnector
from handlers.platforms.hundredms.settings import HundredmsSettings

connector = HundredmsConnector()
platform = Platform(connector=connector, variables=HundredmsSettings, client=HundredmsClient.from_settings)
