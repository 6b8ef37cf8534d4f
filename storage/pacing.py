"""How fast Slack may be called: one row per bucket, shared by every process."""
