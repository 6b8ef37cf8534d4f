"""The typst templates of the documents: how they look. What stands in them comes as data."""
