"""Text as every part of Betimes reads it: normalised and segmented."""
