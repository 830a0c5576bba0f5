"""Services that are killed while they work, and a Redis that is emptied."""
import random
import time


def breaks(system, seconds, names, seed, flushes=True):
    """Kills services of these names for so long, one after the other; a name that stands twice is hit
    twice as often. In the second half Redis is emptied once, if flushes."""
    dice, until, flushed = random.Random(seed), time.time() + seconds, not flushes
    while time.time() < until:
        time.sleep(dice.uniform(0.4, 1.2))
        name = dice.choice(names)
        next(s for s in system.services if s.name == name).kill()
        if not flushed and time.time() > until - seconds / 2:
            flushed = True
            system.redis.flush()
        again = time.time() + 1.5
        while time.time() < again:
            system.watch()
            time.sleep(0.1)
