"""The built-in catalogue, its users and the story told in the terminal."""
