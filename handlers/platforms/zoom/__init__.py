"""Zoom: webhooks of meetings."""

from handlers.platforms.zoom.connector import ZoomConnector

connector = ZoomConnector()
