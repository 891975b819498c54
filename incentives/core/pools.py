"""Pools: one amount for a group, formed, rounded and shared so that the parts add up to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from incentives.core.catalogue import Catalogue, Unit
from incentives.core.errors import Sentence, say
from incentives.core.explain import Does, Explanation, chain, explain, to_the_fen
from incentives.core.money import FEN_PER_YUAN, ZERO, Money, share_out, total
from incentives.core.plan import Coefficients, Days, DaysPresent, Equal, Node, Pool, Weight, pools_in
from incentives.core.reading import Desk, Member, Missing, NotKnownError, read
from incentives.core.steps import apply, factor_of
from incentives.core.wording import money_text, text_of


@dataclass(frozen=True, slots=True)
class PoolResult:
    """How a pool was formed and shared.

    ``shares`` add up to the amount, unless every weight is zero: then nobody gets anything and all of it is
    ``undistributed``. ``paid`` is a member's share after his own steps, rounded. A pool with something
    ``missing`` is not shared at all.
    """

    code: str
    name: Sentence
    amount: Money = ZERO
    explanation: Explanation | None = None
    shares: Mapping[int, Money] = field(default_factory=dict)
    paid: Mapping[int, Explanation] = field(default_factory=dict)
    missing: tuple[Missing, ...] = ()
    missing_shares: Mapping[int, tuple[Missing, ...]] = field(default_factory=dict)

    def missing_of(self, member: int) -> tuple[Missing, ...]:
        """What one member's own steps still wait for."""
        return self.missing_shares.get(member, ())

    def forfeited_by(self, member: int) -> Money:
        """What a member's own steps took from his share; never negative, and nobody else receives it."""
        if member not in self.paid:
            return ZERO
        return max(ZERO, self.shares[member] - _money(self.paid[member].value))

    @property
    def forfeited(self) -> Money:
        """All that was forfeited."""
        return total(self.forfeited_by(member) for member in self.shares)

    @property
    def undistributed(self) -> Money:
        """What could not be shared because every weight is zero."""
        return self.amount - total(self.shares.values())


def _money(yuan: Fraction) -> Money:
    return Money.rounded(yuan * FEN_PER_YUAN)


def forfeited(node: Node, member: int, pools: Mapping[str, PoolResult]) -> Money:
    """What a member forfeits of all pools in a part of a plan."""
    return total(pools[pool.code].forfeited_by(member) for pool in pools_in(node) if pool.code in pools)


def weigh(weights: Sequence[Weight], desk: Desk) -> Explanation:
    """A member's weight: the product of all weights of the pool.

    Raises:
        NotKnownError: a coefficient is not said, or a figure cannot be worked out.
    """
    parts = [_weight(weight, desk) for weight in weights]
    if len(parts) == 1:
        return parts[0]
    return explain(Does.PRODUCT, say("Weight"), parts=parts, unit=Unit.NUMBER)


def _weight(weight: Weight, desk: Desk) -> Explanation:
    member = somebody(desk)
    match weight:
        case Equal():
            return _given(Fraction(1), say("Equal parts"))
        case DaysPresent():
            return read(weight.measure, desk)
        case Days():
            return _given(Fraction(member.posted_days), say("Days in the posting"))
        case Coefficients():
            return _given(_coefficient(weight, member, desk.catalogue), say("Coefficient"))
        case _:
            return factor_of(weight, desk)


def somebody(desk: Desk) -> Member:
    """The member whose line or share it is.

    Raises:
        TypeError: the desk is a pool's, which belongs to nobody alone.
    """
    if desk.member is None:
        raise TypeError("a line or a share belongs to somebody")
    return desk.member


def _given(value: Fraction, sentence: Sentence) -> Explanation:
    return explain(Does.GIVEN, sentence, figures=[value], unit=Unit.NUMBER)


def _coefficient(weight: Coefficients, member: Member, catalogue: Catalogue) -> Fraction:
    if member.coefficient is not None:
        return member.coefficient
    said = dict(weight.people).get(member.number) or dict(weight.positions).get(member.position) or weight.default
    if said is None:
        raise NotKnownError(
            Missing(
                say(
                    "No coefficient is said for employee {number} (position {position}).",
                    number=member.number,
                    position=catalogue.position(member.position),
                )
            )
        )
    return said.value


def form(
    pool: Pool,
    formed: Explanation,
    weights: Sequence[Explanation],
    desks: Sequence[Desk],
    lacking: Mapping[int, tuple[Missing, ...]],
) -> PoolResult:
    """Share a formed pool among members given in order of employee number.

    A negative weight counts as zero. A member whose own steps cannot be worked out keeps his share waiting.
    """
    shares: dict[int, Money] = {}
    paid: dict[int, Explanation] = {}
    missing = dict(lacking)
    for desk, share in zip(desks, _shares(pool, formed, weights), strict=True):
        person = somebody(desk).id
        shares[person] = _money(share.value)
        if missing[person]:
            continue
        try:
            paid[person] = _own(pool, share, desk)
        except NotKnownError as unknown:
            missing[person] = (unknown.missing,)
    return PoolResult(
        pool.code, pool.label.sentence(), _money(formed.value), formed, shares, paid, missing_shares=missing
    )


def _shares(pool: Pool, formed: Explanation, own: Sequence[Explanation]) -> list[Explanation]:
    """Every member's share. Shared out once for all: again for each member would take forever in a large pool."""
    weights = [max(weight.value, Fraction(0)) for weight in own]
    texts = tuple(text_of(weight, Unit.NUMBER) for weight in weights)
    parts = share_out(_money(formed.value).fen, weights)
    return [
        Explanation(
            Does.SHARE,
            say("Share of {pool}", pool=pool.label.sentence()),
            Fraction(fen, FEN_PER_YUAN),
            (formed, weight),
            (Fraction(place), *weights),
            unit=Unit.MONEY,
            read=texts,
        )
        for place, (weight, fen) in enumerate(zip(own, parts, strict=True))
    ]


def _own(pool: Pool, share: Explanation, desk: Desk) -> Explanation:
    name = pool.label.sentence()
    if not pool.share_then:
        return chain(name, [share])
    after = apply(share, pool.share_then, desk, name)
    lost = max(share.value - to_the_fen(after.value), Fraction(0))
    told = say("Rounded to the fen; forfeited {forfeited} of the share", forfeited=money_text(lost))
    return chain(name, [after, explain(Does.ROUND, told, before=after.value)])
