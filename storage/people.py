"""The people of a workspace, their places in courses, and the links a human confirmed."""
