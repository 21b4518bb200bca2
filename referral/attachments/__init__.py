"""Files of cases: judged and drawn anew in a process of their own, kept sealed on disk, uploaded through memory alone."""
