"""`python -m plangate`."""

from .cli.main import main

main()
