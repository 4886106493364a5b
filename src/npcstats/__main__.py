"""The command line, with ``python -m npcstats`` and as ``npcstats``.

While it loads, Ctrl-C ends it without a word: nothing was done by then that could be told of.
"""

import signal

if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
    signal.signal(signal.SIGINT, signal.SIG_DFL)

from npcstats.run.front import main

if __name__ == "__main__":
    main()
