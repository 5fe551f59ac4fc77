"""RecTools' SASRec behind a pipe: run as a script by an interpreter that has RecTools, which knows nothing of Betimes.

It first writes a line ``{"rectools": VERSION}``. From then on each line read is a request and each line written
its answer, in JSON:

- ``{"histories": [[item, …], …], "epochs": …, "patience": …, "seed": …}`` trains on what each user took, the oldest
  first; ``{"known": [item, …]}`` are the items that the model can score from then on.
- ``{"history": [item, …]}`` scores for a user who took this, of which the model must know something;
  ``{"scores": BASE64}`` are 32-bit little-endian floats, one for each known item in that order, higher is better.

Whatever goes wrong ends it, with a traceback on stderr.
"""

import json
import os
import sys
from base64 import b64encode
from collections.abc import Sequence
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, TextIO

if TYPE_CHECKING:
    from rectools.dataset import Dataset
    from rectools.models.nn.transformers.sasrec import SASRecModel

#: One user in so many has the last item held out, to tell when to stop.
_HELD = 10


@dataclass(frozen=True, slots=True)
class Trained:
    """A model, and the items it knows in the order of its scores."""

    model: "SASRecModel"
    known: list[int]

    @classmethod
    def on(cls, histories: Sequence[Sequence[int]], *, epochs: int, patience: int, seed: int) -> "Trained":
        """Trains a model with RecTools' own settings but for the number of epochs, and keeps the best epoch's weights.

        The best is told by the loss on the last items of a tenth of the users, who have others besides; where there
        are none, by the loss in training.

        Args:
            histories: what each user took, the oldest first; at least two by somebody.
            epochs: at most so many.
            patience: training ends when so many epochs in a row brought nothing.
            seed: settles chance.
        """
        import pytorch_lightning  # noqa: PLC0415 - only the other environment has it
        from rectools.models.nn.transformers.sasrec import SASRecModel  # noqa: PLC0415
        from rectools.models.nn.transformers.utils import leave_one_out_mask  # noqa: PLC0415

        pytorch_lightning.seed_everything(seed)
        held = [user for user, history in enumerate(histories) if len(history) > 2][::_HELD]
        model = SASRecModel(
            deterministic=True, get_val_mask_func=leave_one_out_mask, get_val_mask_func_kwargs={"val_users": held}
        )
        dataset = _dataset(histories)
        losses: list[float] = []
        best: dict[str, object] = {}
        for epoch in range(epochs):
            model.fit_partial(dataset, min_epochs=1, max_epochs=1)
            told = model.fit_trainer.callback_metrics
            losses.append(float(told.get(model.val_loss_name, told[model.train_loss_name])))
            print(f"epoch {epoch + 1}: loss {losses[-1]:.4f}", file=sys.stderr, flush=True)
            if losses[-1] == min(losses):
                best = deepcopy(model.torch_model.state_dict())
            elif epoch - losses.index(min(losses)) >= patience:
                break
        model.torch_model.load_state_dict(best)
        return cls(model, [int(item) for item in model.data_preparator.get_known_item_ids()])

    def scores(self, history: Sequence[int]) -> bytes:
        """The score of each known item after a history of which some item is known, as 32-bit floats."""
        import numpy as np  # noqa: PLC0415 - as old as RecTools wants it
        from rectools import Columns  # noqa: PLC0415

        ranked = self.model.recommend(
            [0], _dataset([history]), len(self.known), filter_viewed=False, add_rank_col=False
        )
        found = dict(
            zip(ranked[Columns.Item].to_numpy().tolist(), ranked[Columns.Score].to_numpy().tolist(), strict=True)
        )
        return np.array([found[item] for item in self.known], "<f4").tobytes()


def _dataset(histories: Sequence[Sequence[int]]) -> "Dataset":
    """Histories as RecTools takes them. It asks when each item was taken only for their order."""
    from pandas import DataFrame  # noqa: PLC0415
    from rectools import Columns  # noqa: PLC0415
    from rectools.dataset import Dataset  # noqa: PLC0415

    return Dataset.construct(
        DataFrame(
            {
                Columns.User: [user for user, history in enumerate(histories) for _ in history],
                Columns.Item: list(chain.from_iterable(histories)),
                Columns.Weight: 1.0,
                Columns.Datetime: [place for history in histories for place in range(len(history))],
            }
        )
    )


def serve(requests: TextIO, answers: TextIO) -> None:
    """Answers requests, a line each, until there are no more."""
    import rectools  # noqa: PLC0415
    import rectools.models.nn.transformers.sasrec  # noqa: PLC0415 - what is missing shows before anything is asked

    trained: Trained | None = None
    print(json.dumps({"rectools": rectools.__version__}), file=answers, flush=True)
    for line in requests:
        request = json.loads(line)
        if "histories" in request:
            trained = Trained.on(**request)
            answer: dict[str, object] = {"known": trained.known}
        elif trained is not None:
            answer = {"scores": b64encode(trained.scores(request["history"])).decode()}
        else:
            raise ValueError("nothing was trained yet")
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    # What libraries print goes to stderr, and cannot come between the answers.
    answering = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    serve(sys.stdin, answering)
