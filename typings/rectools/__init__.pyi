"""The part of RecTools that Betimes uses, in another environment."""

__version__: str

class Columns:
    User: str
    Item: str
    Weight: str
    Datetime: str
    Score: str
