"""What is to be said, to whom, and what stands in Slack of it."""
