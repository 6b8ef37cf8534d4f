"""What time starts: one file per thing. A tick is small, repeatable, and holds no state."""
