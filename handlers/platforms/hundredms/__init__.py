"""100ms: webhooks of rooms and sessions."""

from handlers.platforms.hundredms.connector import HundredmsConnector

connector = HundredmsConnector()
