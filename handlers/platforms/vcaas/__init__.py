"""HiLink VCaaS: callbacks of meetings, and the data pushed after them."""

from bot.connectors import Platform
from handlers.platforms.vcaas.connector import VcaasConnector
from handlers.platforms.vcaas.settings import VcaasSettings

connector = VcaasConnector()
platform = Platform(connector=connector, variables=VcaasSettings)
