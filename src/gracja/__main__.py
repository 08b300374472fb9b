"""`python -m gracja` is `gracja`."""

from gracja.cli.main import main

main()
