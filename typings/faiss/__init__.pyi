"""The part of faiss that Betimes uses; the stubs that faiss ships leave its Python wrappers out."""

import numpy as np
import numpy.typing as npt

METRIC_INNER_PRODUCT: int

class DirectMap:
    Hashtable: int

class ScalarQuantizer:
    QT_8bit_uniform: int
    rangestat_arg: float

class ClusteringParameters:
    niter: int

class Index:
    ntotal: int

class IndexFlatIP(Index):
    this: _Owned
    def __init__(self, d: int) -> None: ...

class _Owned:
    def disown(self) -> None: ...

class IDSelectorBitmap:
    def __init__(self, bits: npt.NDArray[np.uint8]) -> None: ...

class SearchParametersIVF:
    def __init__(self, *, sel: IDSelectorBitmap, nprobe: int) -> None: ...

class IndexIVFScalarQuantizer(Index):
    nlist: int
    sq: ScalarQuantizer
    cp: ClusteringParameters
    own_fields: bool
    by_residual: bool
    def __init__(self, quantizer: Index, d: int, nlist: int, qtype: int, metric: int) -> None: ...
    def train(self, x: npt.NDArray[np.float32]) -> None: ...
    def set_direct_map_type(self, type: int) -> None: ...
    def add_with_ids(self, x: npt.NDArray[np.float32], ids: npt.NDArray[np.int64]) -> None: ...
    def remove_ids(self, ids: npt.NDArray[np.int64]) -> int: ...
    def reconstruct_batch(self, ids: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]: ...
    def search(
        self, x: npt.NDArray[np.float32], k: int, *, params: SearchParametersIVF
    ) -> tuple[npt.NDArray[np.float32], npt.NDArray[np.int64]]: ...
