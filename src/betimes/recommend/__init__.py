"""Ask to ranked picks: mask, sources, ranking, diversity, explanation."""
