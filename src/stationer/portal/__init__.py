"""The portal: Django, for people at a browser and for programs that need the database. One app per noun."""
