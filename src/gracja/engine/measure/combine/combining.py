"""One rating of human and automatic marks, and what it says of the detector."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl
from scipy.special import expit

from gracja.engine.measure.cells import Floats
from gracja.engine.measure.combine.centre import centre_of
from gracja.engine.measure.combine.columns import Columns
from gracja.engine.measure.combine.integrated import CombinedMode
from gracja.engine.measure.combine.post_strata import mix_of_places
from gracja.engine.measure.combine.sampling import draws
from gracja.engine.measure.combine.spreads import modes_of
from gracja.engine.measure.combine.tallies import tally
from gracja.engine.measure.dispersion import overdispersion
from gracja.engine.measure.estimate import Rated, whereabouts
from gracja.engine.measure.measured import DetectorError
from gracja.engine.measure.posterior import Mixture, Posterior
from gracja.engine.measure.wide import WIDEST

# A detector's marks of a standard count from so many on that a person judged too.
FEWEST_PAIRS: Final = 20


@dataclass(frozen=True)
class Combined:
    """rated: as from human marks alone, in the same terms. automatic: the detector's marks that count.
    errors: of each standard's detector. dispersions: of human and automatic marks. left_out: standard ->
    pairs, of those with too few.
    """

    rated: Rated
    automatic: pl.DataFrame
    errors: tuple[DetectorError, ...]
    dispersions: tuple[float, float]
    left_out: dict[str, int]


def combine(human: pl.DataFrame, automatic: pl.DataFrame, *, level: float = 0.95) -> Combined | None:
    """Rate people and detector together; None where no standard has enough marks of both, or where there are
    more than 10,000 evaluators, standards and places.

    human, automatic: contact, segment, employee, standard, evaluator?, place?, value (0-1) of marks that
    belong to somebody; human also inclusion?. Wrong is what differs from the human mark. Of standards with
    fewer than 20 common marks the automatic ones are left out.

    Raises EngineInputError: inclusion_out_of_range, rating_did_not_converge.
    """
    pairs = _pairs(human, automatic)
    left_out = {name: pairs.get(name, 0) for name in sorted(automatic["standard"].unique().to_list())}
    left_out = {name: count for name, count in left_out.items() if count < FEWEST_PAIRS}
    usable = automatic.filter(~pl.col("standard").is_in(list(left_out)))
    if usable.is_empty():
        return None
    dispersions = (1.0, 1.0)
    columns = Columns(tally(human, usable, dispersions))
    if columns.n_rest > WIDEST:
        return None
    modes, weights = modes_of(columns)
    dispersions = _dispersions(human, usable, columns, modes[int(np.argmax(weights))])
    if max(dispersions) > 1:
        columns = Columns(tally(human, usable, dispersions))
        modes, weights = modes_of(columns)
    levels = dict(columns.tallies.levels)
    both = pl.concat(
        [human.select("contact", "employee", "place"), usable.select("contact", "employee", "place")]
    )
    drawn, likely = draws(columns, modes, weights)
    middle = centre_of(drawn, likely)
    posterior = Posterior(columns.truth, drawn, likely, middle)
    rated = Rated(posterior, levels, *whereabouts(both), mix_of=mix_of_places(human, usable))
    return Combined(rated, usable, _errors(columns, modes, weights, pairs, level), dispersions, left_out)


def _pairs(human: pl.DataFrame, automatic: pl.DataFrame) -> dict[str, int]:
    mark = ["contact", "segment", "employee", "standard"]
    both = human.select(mark).unique().join(automatic.select(mark).unique(), on=mark, nulls_equal=True)
    return dict(both.group_by("standard").len().rows())


def _dispersions(
    human: pl.DataFrame, automatic: pl.DataFrame, columns: Columns, mode: CombinedMode
) -> tuple[float, float]:
    """Of human marks and of automatic ones: how much those of one contact vary together."""
    people = overdispersion(human, expit(_of_rows(human, columns, mode, 0)))
    truth, s, t = (expit(_of_rows(automatic, columns, mode, k)) for k in range(3))
    return people, overdispersion(automatic, truth * s + (1 - truth) * (1 - t))


def _of_rows(frame: pl.DataFrame, columns: Columns, mode: CombinedMode, k: int) -> Floats:
    """(rows,) the k-th sum of effects, 0 for what is not known."""
    rest, levels = mode.effects.rest[columns.spans[k]], columns.tallies.levels
    total = np.full(len(frame), rest[-1]) + _looked_up(
        frame["employee"], levels["employee"], mode.effects.big[:, k]
    )
    first = 0
    for facet in columns.facets[k]:
        if facet in frame.columns:
            total += _looked_up(frame[facet], levels[facet], rest[first:])
        first += len(levels[facet])
    return np.asarray(total)


def _looked_up(names: pl.Series, levels: list[str], effects: Floats) -> Floats:
    effect = dict(zip(levels, effects.tolist(), strict=False))
    found = names.replace_strict(effect, default=0.0, return_dtype=pl.Float64)
    return np.asarray(found.to_numpy())


def _errors(
    columns: Columns,
    modes: tuple[CombinedMode, ...],
    weights: Floats,
    pairs: dict[str, int],
    level: float,
) -> tuple[DetectorError, ...]:
    """Sensitivity and specificity of each standard's detector."""
    names = [name for name in columns.tallies.levels["standard"] if pairs.get(name, 0) >= FEWEST_PAIRS]
    shares: list[Floats] = []
    for k in (1, 2):
        located = [_error_at(columns, mode, k, names) for mode in modes]
        mixture = Mixture(np.stack([m for m, _ in located]), np.stack([d for _, d in located]), weights)
        tails = (expit(mixture.quantile(0.5 + way * level / 2)) for way in (-1, 1))
        shares += [mixture.share, *tails]
    return tuple(
        DetectorError(name, pairs[name], *(float(share[i]) for share in shares))
        for i, name in enumerate(names)
    )


def _error_at(columns: Columns, mode: CombinedMode, k: int, names: list[str]) -> tuple[Floats, Floats]:
    """(standards,) means and deviations in logits."""
    span, rows = columns.spans[k], np.zeros((len(names), columns.n_rest))
    rows[:, span.stop - 1] = 1.0
    if "standard" in columns.facets[k]:  # the first facet there
        position = {name: i for i, name in enumerate(columns.tallies.levels["standard"])}
        for row, name in enumerate(names):
            rows[row, span.start + position[name]] = 1.0
    return rows @ mode.effects.rest, np.sqrt(mode.information.variance_of_rest(rows))
