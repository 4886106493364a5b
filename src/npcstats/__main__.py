"""Run the command line with ``python -m npcstats``."""

from npcstats.front import main

if __name__ == "__main__":
    main()
