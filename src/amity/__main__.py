"""Run Amity's command line as `python -m amity`."""

from amity.faces.cli.main import main

main()
