"""`GET /check/{token}`: the page on which somebody without Slack says that they are there."""
