"""When adverse events begin and are worst, how long they last, and whether they resolve."""
