"""The rules of attendance: events → stays → live state, lateness, verdicts, the sheet. Pure."""
