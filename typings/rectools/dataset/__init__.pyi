from pandas import DataFrame

class Dataset:
    @classmethod
    def construct(cls, interactions_df: DataFrame) -> Dataset: ...
