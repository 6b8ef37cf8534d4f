"""Stand-ins for the REST APIs of the platforms: they tell what the classrooms played, as far as they are let."""
