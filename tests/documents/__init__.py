"""Documents as they are set: rendered to pictures, read back, and compared."""
