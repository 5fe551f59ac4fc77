"""The nouns: frozen, pure, without I/O. Nothing here imports another part of Betimes."""
