"""The attendance sheets that were written down, version by version."""
