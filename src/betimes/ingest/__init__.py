"""Files of items, events and utterances to domain nouns.

Three kinds of files, in CSV, JSON lines, JSON arrays or Parquet, packed with gzip or not. Columns are
recognised by their common names, or said by a mapping. A bad row goes to a file of rejects with its line
and the reason; nothing else is lost, and importing a file twice changes nothing. An import that was
interrupted is completed by running it again.
"""

from betimes.ingest.events import import_events, import_utterances
from betimes.ingest.folders import import_dir
from betimes.ingest.items import ItemDefaults, import_items
from betimes.ingest.report import Report

__all__ = ["ItemDefaults", "Report", "import_dir", "import_events", "import_items", "import_utterances"]
