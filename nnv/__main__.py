"""`python -m nnv`, for where the command `nnv` is not on the path."""

from nnv.cli import main

main()
