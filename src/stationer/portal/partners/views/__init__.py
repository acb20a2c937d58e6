"""Pages of partners, of those who would like to be one, and of whoever runs the installation."""
