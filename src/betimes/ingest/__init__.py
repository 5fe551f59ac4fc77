"""Files of items, events and utterances to domain nouns."""
