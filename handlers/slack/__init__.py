"""What people do in Slack: one file per feature."""
