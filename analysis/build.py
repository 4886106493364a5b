"""Make the results of the committed trial: the package does the work."""

import sys

from npcstats.run.cli import run_command

if __name__ == "__main__":
    sys.exit(run_command(["results", *sys.argv[1:]]))
