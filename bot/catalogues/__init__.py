"""The catalogues: one file of gettext per language, for the sentences of `bot/reports`."""
