"""Plans told in full: read aloud, and every line of every person with all its sentences, figures and keys.

``python -m tests.core.transcripts`` writes the texts beside the plans anew. Read the difference before keeping it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from incentives.commissions.format import load
from incentives.core.aloud import read_aloud
from incentives.core.answer import Step, arithmetic
from incentives.core.attainment import Better, Comparison
from incentives.core.catalogue import Catalogue, Indicator, Unit
from incentives.core.explain import Explanation
from incentives.core.keys import MeasureKey
from incentives.core.measure import Label
from incentives.core.pay import PlanResult
from incentives.core.samples import run

FOLDER = Path(__file__).parent / "told"
CATALOGUE = Catalogue(
    {
        "csi": Indicator("csi", Label("CSI", "满意度"), Unit.PERCENT, Better.HIGHER, Comparison.AT_LEAST),
        "rework": Indicator("rework", Label("Rework", "返修率"), Unit.PERCENT, Better.LOWER, Comparison.BELOW),
        "complaints": Indicator(
            "complaints", Label("Complaints", "投诉"), Unit.NUMBER, Better.LOWER, Comparison.AT_MOST
        ),
        "visits": Indicator("visits", Label("Visits", "台次"), Unit.NUMBER, Better.HIGHER, Comparison.ABOVE),
        "revenue": Indicator("revenue", Label("Revenue", "产值"), Unit.MONEY),
    },
    positions={"adviser": Label("Service adviser", "服务顾问"), "washer": Label("Washer", "洗车工")},
    products={"film": Label("Window film", "贴膜")},
)


def plans() -> list[Path]:
    """The plans that are told."""
    return sorted(FOLDER.glob("*.yaml"))


def transcript(path: Path) -> str:
    """All that a plan says, and all that its first example pays."""
    document = load(path.read_text(encoding="utf-8"))
    said = [str(sentence) for sentence in read_aloud(document.plan, CATALOGUE)]
    return "\n".join([*said, "", *_paid(run(document.plan, document.examples[0], CATALOGUE))]) + "\n"


def _paid(result: PlanResult) -> Iterator[str]:
    for pool in result.pools:
        shares = ", ".join(f"{member}: {share}" for member, share in pool.shares.items())
        yield f"pool {pool.code} {pool.name}: {pool.amount}, shares {shares or 'none'}"
        yield f"    undistributed {pool.undistributed}, forfeited {pool.forfeited}"
        yield from (f"    waits: {missing.sentence} {_key(missing.key)}" for missing in pool.missing)
        if pool.explanation:
            yield from _told(arithmetic(pool.explanation).steps, "    ")
            yield from _worked(pool.explanation, "    ")
    for line in result.lines:
        yield f"{line.member} {line.code} {line.name}: {line.amount}, forfeited {line.forfeited}"
        yield from (f"    waits: {missing.sentence} {_key(missing.key)}" for missing in line.missing)
        if line.explanation:
            yield from _told(arithmetic(line.explanation).steps, "    ")
            yield from _worked(line.explanation, "    ")


def _told(steps: Iterable[Step], indent: str) -> Iterator[str]:
    for step in steps:
        yield f"{indent}{step.in_full}"
        yield from _told(step.steps, f"{indent}  ")


def _worked(explanation: Explanation, indent: str) -> Iterator[str]:
    figures = " ".join(str(figure) for figure in explanation.figures)
    yield f"{indent}{explanation.does.value} {explanation.value} [{figures}] {_key(explanation.key)}".rstrip()
    for part in explanation.parts:
        yield from _worked(part, f"{indent}  ")


def _key(key: MeasureKey | None) -> str:
    return "" if key is None else json.dumps(key.as_plain(), ensure_ascii=False, sort_keys=True)


def write() -> None:
    """Write all transcripts anew."""
    for path in plans():
        path.with_suffix(".txt").write_text(transcript(path), encoding="utf-8")


if __name__ == "__main__":
    write()
