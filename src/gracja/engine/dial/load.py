"""What personal service costs the others, in minutes, while a queue stands.

One server, first come, first served, work that is never put down: minutes added to one customer's service
delay everyone who waits and everyone who comes before the queue is empty. With `queue` waiting and the server
busy a share `busy` of the time, that is on average queue / (1 - busy) people: the customers served in the
part of an M/G/1 busy period that `queue` of them begin (Kleinrock (1975), Queueing Systems I, chapter 5).
Each waits the added minutes longer; with several servers, a share of them. Where `busy` is not known only
those who wait now are counted, which is the least it can be.
"""

from __future__ import annotations

from dataclasses import dataclass

from gracja.engine.dial.rules import Band, SituationRules
from gracja.engine.errors import EngineInputError, Where


@dataclass(frozen=True, slots=True)
class Cost:
    """own_minutes: longer with this customer. others_minutes: waiting by the others, summed.
    at_least: whether those who come later were left out, because how busy it is was not known.
    """

    own_minutes: float
    others_minutes: float
    at_least: bool


def cost_of(
    band: Band, queue: int, rules: SituationRules, *, servers: int = 1, busy: float | None = None
) -> Cost:
    """Minutes that service of this band costs beyond the shortest.

    queue: people who wait. servers: who serve them. busy: share of time that a server is busy, in [0, 1).
    Raises EngineInputError: queue_out_of_range, servers_out_of_range, busy_out_of_range.
    """
    if queue < 0:
        raise EngineInputError("queue_out_of_range", Where(field="queue"), given=queue)
    if servers < 1:
        raise EngineInputError("servers_out_of_range", Where(field="servers"), given=servers)
    if busy is not None and not 0 <= busy < 1:
        raise EngineInputError("busy_out_of_range", Where(field="busy"), given=busy)
    own = float(rules.load.extra_minutes.of(band))
    delayed = queue / (1 - busy) if busy is not None else float(queue)
    return Cost(own, own * delayed / servers, at_least=busy is None)
