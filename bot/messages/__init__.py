"""What people read in Slack: one function per message, plain values in, `Message` out."""
