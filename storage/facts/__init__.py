"""All that the rules may know about lessons, read for many at once: one query for each kind of fact."""

from storage.facts.loading import LoadFacts, load_facts, load_facts_ahead
from storage.facts.target import Target

__all__ = ["LoadFacts", "Target", "load_facts", "load_facts_ahead"]
