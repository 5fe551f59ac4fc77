"""The built-in catalogue, one CSV file for each part, read by the same import that reads a user's files."""
