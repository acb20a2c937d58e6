"""Who came: hits as people see them, on pages, as a file, and for programs."""
