from pathlib import Path

MODEL_NAME: str
EXPECTED_SHA256: str

def chunk_paths() -> list[Path]: ...
