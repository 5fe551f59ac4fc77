"""``python -m betimes``, which ``torchrun`` needs."""

from betimes.cli.main import main

main()
