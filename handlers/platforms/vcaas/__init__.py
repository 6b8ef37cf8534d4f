"""HiLink VCaaS: callbacks of meetings, and the data pushed after them."""

from handlers.platforms.vcaas.connector import VcaasConnector

connector = VcaasConnector()
