"""Presence checks: one run of asking who is there, its questions, their answers, and what they come to."""
