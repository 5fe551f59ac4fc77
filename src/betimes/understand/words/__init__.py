"""Word lists, one group of spellings a line."""
