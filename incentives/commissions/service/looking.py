"""What can be said of a plan while it is being written: faults, the check, the plan in sentences, the sample."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from incentives.commissions.format import PlanDocument, load
from incentives.commissions.format.document import dump_tree
from incentives.commissions.format.rows import words_of
from incentives.commissions.format.writing import Mapping as Tree
from incentives.commissions.service import checking
from incentives.commissions.service.catalogue import catalogue_of
from incentives.commissions.service.names import names_of
from incentives.commissions.service.sampling import Sampled, sample
from incentives.core.aloud import read_aloud
from incentives.core.errors import DomainError, Faults, Sentence
from incentives.core.money import Money
from incentives.core.parameters import in_month
from incentives.core.pay import WHOLE
from incentives.core.period import Month
from incentives.core.places import word_for
from incentives.core.rows_aloud import rows_aloud


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be read yet: where, in words and as a path, and why."""

    path: str
    row: Sentence
    sentence: Sentence


@dataclass(frozen=True, slots=True)
class Look:
    """All of it. While there are faults, there is no document, and nothing can be checked or worked out."""

    faults: tuple[Fault, ...] = ()
    document: PlanDocument | None = None
    report: checking.Report = checking.Report(())  # noqa: RUF009 (it is frozen)
    sentences: Sequence[Sentence] = ()
    told: Mapping[str, Sequence[Sentence]] = field(default_factory=dict)
    """What each row says by itself, by its place."""
    sampled: Sampled | None = None
    refusal: Sentence | None = None

    @property
    def amounts(self) -> dict[str, Money]:
        """What each row of the top level pays the sample person, by its place."""
        if self.document is None or self.sampled is None:
            return {}
        places = {node.code: f"lines[{place}]" for place, node in enumerate(self.document.plan.lines)}
        places[WHOLE] = "then"
        return {places[line.code]: line.amount for line in self.sampled.lines if line.code in places}


@dataclass(frozen=True, slots=True)
class Trying:
    """On whom, with the figures of which month, and what was typed over them."""

    month: Month
    who: str
    typed: Mapping[str, str]


def look(
    store_id: int,
    tree: Tree,
    from_month: Month,
    trying: Trying,
    reasons: Mapping[str, str] = checking.NO_REASONS,
) -> Look:
    """Read, check, tell and work out a plan that is being written."""
    try:
        document = load(dump_tree(tree))
    except Faults as refused:
        return Look(faults=tuple(_fault(tree, each) for each in refused.faults))
    catalogue = catalogue_of(store_id, [document.plan])
    report = checking.report(document, from_month, catalogue, reasons, names_of(store_id, document.plan, catalogue))
    told = rows_aloud(document.plan, catalogue)
    try:
        sentences = read_aloud(in_month(document.plan, from_month), catalogue)
        sampled = sample(store_id, document.plan, trying.month, trying.who, trying.typed, catalogue)
    except DomainError as refused:
        sentences = read_aloud(document.plan, catalogue)
        return Look((), document, report, sentences, told, None, refused.sentence)
    return Look((), document, report, sentences, told, sampled)


def _fault(tree: Tree, fault: Sentence) -> Fault:
    path, said = str(fault.values.get("place", "")), fault.values.get("fault", fault)
    return Fault(path, words_of(tree, path), _in_words(said) if isinstance(said, Sentence) else fault)


def _in_words(said: Sentence) -> Sentence:
    """The form has no keys: what has to be said is called as the form calls it."""
    key = said.values.get("key")
    return Sentence(said.pattern, {**said.values, "key": word_for(key)}) if isinstance(key, str) else said
