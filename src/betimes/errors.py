"""Everything that Betimes raises.

::

    BetimesError
    ├── InvalidInput            what was given is wrong: the message says what, where and how to mend it
    │   ├── InvalidText         empty, too long or not text
    │   ├── InvalidItem         an item that cannot stand in a catalogue
    │   ├── InvalidEvent        an event from the future, of an unknown kind, with a bad value
    │   └── InvalidFile         a file that cannot be read as items, events or utterances
    ├── NotFound                an unknown user, item, domain or slate
    ├── Conflict                the same event id with another content
    ├── StoreError              the database
    │   ├── StoreUnavailable    missing, read-only, locked or unreachable
    │   ├── StoreCorrupt        truncated or damaged
    │   └── StoreTooNew         written by a newer version of Betimes
    └── ModelError              a language model or an embedder
        ├── ModelUnavailable    missing, corrupt, refused or gone
        ├── ModelTimeout        no answer in time
        ├── ModelBusy           the server asks to wait, or the budget or circuit is open
        └── ModelNonsense       an answer that does not follow the task

Errors of libraries are translated to these at the edge, ``from`` the original.
"""


class BetimesError(Exception):
    """The root of every error that Betimes raises."""


class InvalidInput(BetimesError):
    """What was given is wrong; the message says what, where and how to mend it."""


class InvalidText(InvalidInput):
    """A text that is empty, too long or not text."""


class InvalidItem(InvalidInput):
    """An item that cannot stand in a catalogue."""


class InvalidEvent(InvalidInput):
    """An event from the future, of an unknown kind, or with a bad value."""


class InvalidFile(InvalidInput):
    """A file that cannot be read as items, events or utterances."""


class NotFound(BetimesError):
    """An unknown user, item, domain or slate."""


class Conflict(BetimesError):
    """The same event id with another content."""


class StoreError(BetimesError):
    """The database failed."""


class StoreUnavailable(StoreError):
    """The database is missing, read-only, locked or unreachable."""


class StoreCorrupt(StoreError):
    """The database is truncated or damaged."""


class StoreTooNew(StoreError):
    """The database was written by a newer version of Betimes."""


class ModelError(BetimesError):
    """A language model or an embedder failed."""


class ModelUnavailable(ModelError):
    """A model that is missing, corrupt, refused or gone."""


class ModelTimeout(ModelError):
    """A model gave no answer in time."""


class ModelBusy(ModelError):
    """A model's server asks to wait, or the budget is spent, or the circuit is open."""


class ModelNonsense(ModelError):
    """A model's answer does not follow the task."""
