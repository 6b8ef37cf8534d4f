"""All that the rules may know about lessons, read for many at once: one query for each kind of fact."""

from storage.facts.loading import load_facts
from storage.facts.target import Target

__all__ = ["Target", "load_facts"]
