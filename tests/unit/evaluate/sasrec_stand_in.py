"""Speaks as ``sasrec_served`` does, with a model that counts what came right after the last item.

The number of trainings is added to every score, so that a test can tell them.
"""

import json
import sys
from base64 import b64encode
from collections import Counter
from itertools import pairwise
from struct import pack


def main() -> None:
    print(json.dumps({"rectools": "stand-in"}), flush=True)
    trainings = 0
    for line in sys.stdin:
        request = json.loads(line)
        if "histories" in request:
            trainings += 1
            histories = request["histories"]
            after = Counter(pair for history in histories for pair in pairwise(history))
            known = sorted({item for history in histories for item in history})
            answer: dict[str, object] = {"known": known}
        else:
            last = request["history"][-1]
            scores = [after[last, item] + trainings for item in known]
            answer = {"scores": b64encode(pack(f"<{len(scores)}f", *scores)).decode()}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
