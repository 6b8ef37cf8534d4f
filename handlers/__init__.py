"""The doors: everything that starts because something happened outside."""
