"""`GET /signaling`: presence logging over WebSocket, for class pages of one's own and people without Slack."""
