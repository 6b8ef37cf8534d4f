"""Classrooms of one's own: who is in is who has an open socket at `GET /signaling`."""

from bot.connectors import Platform
from handlers.platforms.signaling.connector import SignalingConnector

connector = SignalingConnector()
platform = Platform(connector=connector)
