"""What people said about a lesson that the platforms could not know."""
