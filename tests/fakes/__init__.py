"""What stands in for the outside, in one place."""
