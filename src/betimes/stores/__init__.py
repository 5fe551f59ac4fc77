"""The log, the catalogue, vectors and snapshots in a database."""
