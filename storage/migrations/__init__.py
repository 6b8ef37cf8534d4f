"""The versions of the schema, in order; run by `storage/schema.py`."""
