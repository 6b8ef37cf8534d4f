"""The sheet as documents and data: JSON for programs, CSV for spreadsheets, text for a terminal."""
