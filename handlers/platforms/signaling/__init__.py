"""Classrooms of one's own: who is in is who has an open socket at `GET /signaling`."""

from handlers.platforms.signaling.connector import SignalingConnector

connector = SignalingConnector()
