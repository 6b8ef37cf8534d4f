"""Zoom: webhooks of meetings."""

from bot.connectors import Platform
from handlers.platforms.zoom.client import ZoomClient
from handlers.platforms.zoom.connector import ZoomConnector
from handlers.platforms.zoom.settings import ZoomSettings

connector = ZoomConnector()
platform = Platform(connector=connector, variables=ZoomSettings, client=ZoomClient.from_settings)
