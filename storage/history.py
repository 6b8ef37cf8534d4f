"""The history of what was done: a chain in which nothing can be altered unseen."""
