"""How much may be spent, what is spent, and what the questions on their way may still cost."""

from __future__ import annotations

from dataclasses import dataclass

from gracja.engine.edition.language_model import Prices

MOST_OUTPUT_TOKENS = 1_000
_BYTES_PER_TOKEN = 2  # an upper bound of tokens for text; Polish is near 3, English near 4


@dataclass(frozen=True, slots=True)
class Tokens:
    input: int
    output: int

    @classmethod
    def at_most(cls, size_bytes: int) -> Tokens:
        """What a question of this size may cost, before the endpoint has said."""
        return cls(size_bytes // _BYTES_PER_TOKEN + 1, MOST_OUTPUT_TOKENS)

    def __add__(self, other: Tokens) -> Tokens:
        return Tokens(self.input + other.input, self.output + other.output)

    def __mul__(self, times: int) -> Tokens:
        return Tokens(self.input * times, self.output * times)

    @property
    def total(self) -> int:
        return self.input + self.output


@dataclass
class Budget:
    """A ceiling in tokens, in money, or both. Once a question does not fit, no more are asked."""

    most_tokens: int | None = None
    most_cost: float | None = None
    prices: Prices | None = None
    spent: Tokens = Tokens(0, 0)
    on_their_way: Tokens = Tokens(0, 0)
    is_spent: bool = False

    def reserve(self, tokens: Tokens) -> bool:
        """Set aside what a question may cost; False, from the first that does not fit."""
        self.is_spent = self.is_spent or not self._fits(self.spent + self.on_their_way + tokens)
        if not self.is_spent:
            self.on_their_way += tokens
        return not self.is_spent

    def settle(self, reserved: Tokens, used: Tokens) -> None:
        """Replace what was set aside by what was used."""
        self.on_their_way += reserved * -1
        self.spent += used

    def cost(self, tokens: Tokens) -> float | None:
        """In the currency of the prices; None, where there are none."""
        if self.prices is None:
            return None
        dear, dearer = self.prices.input_per_million, self.prices.output_per_million
        return (tokens.input * dear + tokens.output * dearer) / 1_000_000

    def _fits(self, tokens: Tokens) -> bool:
        cost = self.cost(tokens)
        return (self.most_tokens is None or tokens.total <= self.most_tokens) and (
            self.most_cost is None or cost is None or cost <= self.most_cost
        )
