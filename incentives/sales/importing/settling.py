"""Compare what a file tells with what is here: which lines are new, known or contradictory, and what returns take back."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from incentives.core.credits import Figures, left_after_return
from incentives.core.errors import DomainError, Sentence, say
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.exchange.interface import Context, Fault, Question, Row
from incentives.periods import service as periods
from incentives.sales.importing.drafts import Draft, Understood, understand
from incentives.sales.importing.names import People, people_of
from incentives.sales.importing.stored import OpenSale, StoredLine, open_sales, remembered, stored_lines
from incentives.sales.models import LineKind
from incentives.sales.service.lines import NOTHING, Credit, credited

HIGHEST_LINE = 1_000_000


@dataclass(frozen=True, slots=True)
class Planned:
    """A line that will be written. A sale's own id is not known yet; ``sale`` carries it once it is."""

    sale: OpenSale
    document: str
    line: int
    day: date
    figures: Figures
    credits: Sequence[Credit]
    kind: LineKind
    plate: str
    file_rate: int | None


@dataclass(slots=True)
class Settled:
    """What a file comes to: lines to be written, what is here already, and what stands in the way."""

    lines: list[Planned] = field(default_factory=list)
    known: int = 0
    unmatched: int = 0
    flagged: int = 0
    faults: list[Fault] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    understood: Understood = field(default_factory=Understood)


class _Unsettled(Exception):
    """A row contradicts what is here."""

    def __init__(self, field_: str, sentence: Sentence) -> None:
        super().__init__(field_)
        self.field, self.sentence = field_, sentence


def settle(context: Context, rows: Sequence[Row]) -> Settled:
    """Everything that can be said of the rows without writing anything."""
    memory = remembered(context.store_id)
    understood = understand(context, rows, memory)
    return _Settling(context, understood, memory).settle()


class _Settling:
    """Settles one file: sales first, then what is taken back of them, each in the order of the file."""

    def __init__(self, context: Context, understood: Understood, memory: Mapping[str, Mapping[str, str]]) -> None:
        self._store_id = context.store_id
        self._drafts = understood.drafts
        self._people = People(people_of(context.store_id), memory.get("person", {}), context.answers)
        self._stored = stored_lines(context.store_id, {draft.document for draft in self._drafts})
        self._seen: dict[tuple[str, int], int] = {}
        self._days: dict[date, Sentence | None] = {}
        self._wanted = {
            each.returned_document or each.document for each in self._drafts if each.returns or each.flagged
        }
        self._open: dict[str, list[OpenSale]] = defaultdict(list)
        self._last: Counter[str] = Counter()
        self._found = Settled(faults=list(understood.faults), understood=understood)

    def settle(self) -> Settled:
        """All drafts, with their faults and the questions about people."""
        self._note_last_lines()
        self._each([draft for draft in self._drafts if not draft.returns], self._sale)
        for sale in open_sales(self._store_id, self._wanted) if self._wanted else ():
            self._open[sale.document].append(sale)
        self._each([draft for draft in self._drafts if draft.flagged], self._flagged)
        self._each([draft for draft in self._drafts if draft.returns], self._return)
        self._found.questions = [*self._found.understood.questions, *self._people.questions()]
        return self._found

    def _each(self, drafts: Sequence[Draft], settle_one: Callable[[Draft], None]) -> None:
        for draft in drafts:
            try:
                settle_one(draft)
            except _Unsettled as unsettled:
                self._found.faults.append(Fault(draft.row, unsettled.field, unsettled.sentence))
            except DomainError as refusal:
                self._found.faults.append(Fault(draft.row, "", refusal.sentence))

    def _note_last_lines(self) -> None:
        """The highest line of each document, so that a return that the file only hints at gets the next."""
        for document, line in (*self._stored, *((draft.document, draft.line) for draft in self._drafts)):
            self._last[document] = max(self._last[document], line)

    def _sale(self, draft: Draft) -> None:
        if draft.figures.quantity <= 0:
            raise _Unsettled("quantity", say("The quantity of a sale is above zero."))
        if (draft.figures.cost or 0) < 0:
            raise _Unsettled("cost", say("The cost would be below zero."))
        if self._is_known(draft, draft.figures, draft.day):
            return
        self._require_taken(draft.day, "day")
        given = self._people.shares(draft.people, draft.day)
        sale = OpenSale(
            0, draft.document, draft.line, draft.day, draft.article, draft.figures, draft.figures, given,
            "" if given else "、".join(cell for _role, cell in draft.people)[:200],
        )  # fmt: skip
        if sale.document in self._wanted:
            self._open[sale.document].append(sale)
        self._add(draft, sale, LineKind.SALE, draft.figures, credited(given, NOTHING, draft.figures))
        self._found.unmatched += not given

    def _is_known(self, draft: Draft, figures: Figures, day: date) -> bool:
        """Whether the very line is here already. Twice in the file, or here but different, is a fault."""
        key = draft.document, draft.line
        if not 0 < draft.line <= HIGHEST_LINE:
            raise _Unsettled("line", say("A line has a number from 1 on."))
        if (row := self._seen.setdefault(key, draft.row)) != draft.row:
            raise _Unsettled(
                "line",
                say(
                    "Line {line} of {document} stands in row {row} already.",
                    line=draft.line,
                    document=draft.document,
                    row=row,
                ),
            )
        stored = self._stored.get(key)
        if stored is None:
            return False
        if stored != StoredLine(day, draft.article.name, figures.quantity, figures.received):
            raise _Unsettled("document", _differs(draft, stored))
        self._found.known += 1
        return True

    def _require_taken(self, day: date, field_: str) -> None:
        if day not in self._days:
            self._days[day] = self._refused(Month.of(day))
        if (refused := self._days[day]) is not None:
            raise _Unsettled(field_, refused)

    def _refused(self, month: Month) -> Sentence | None:
        try:
            periods.require_takes_facts(self._store_id, month)
        except DomainError as refusal:
            return refusal.sentence
        return None

    def _flagged(self, draft: Draft) -> None:
        """A sale that the file marks as returned: all that is left of it comes back."""
        sale = next((each for each in self._open[draft.document] if each.line == draft.line), None)
        if sale is None or sale.all_gone:
            return
        self._last[draft.document] += 1
        self._found.flagged += 1
        self._take_back(draft, sale, sale.left, self._last[draft.document])

    def _return(self, draft: Draft) -> None:
        if self._is_known(draft, -draft.figures, draft.return_day or draft.day):
            return
        sale = self._meant(draft)
        if sale is None:
            raise _Unsettled(
                "returns" if draft.returned_document else "quantity",
                say(
                    "No sale of “{product}” is known in {document} that this could take back. Name the document it takes back.",
                    product=draft.article.name,
                    document=draft.returned_document or draft.document,
                ),
            )
        self._take_back(draft, sale, draft.figures, draft.line)

    def _meant(self, draft: Draft) -> OpenSale | None:
        """The sale a return means: the named line, else the same product, else the only sale of the document."""
        offered = self._open[draft.returned_document or draft.document]
        if draft.returned_line is not None:
            return next((sale for sale in offered if sale.line == draft.returned_line), None)
        same = [sale for sale in offered if _same_article(sale, draft)] or (offered if len(offered) == 1 else [])
        enough = [sale for sale in same if _covers(sale.left, draft.figures)]
        return next(iter(enough or same), None)

    def _take_back(self, draft: Draft, sale: OpenSale, back: Figures, line: int) -> None:
        day = draft.return_day or draft.day
        if day < sale.day:
            raise _Unsettled("day", say("A return cannot be dated before its sale of {day}.", day=sale.day.isoformat()))
        self._require_taken(day, "return_day" if draft.return_day else "day")
        after = left_after_return(sale.sold, sale.left, quantity=back.quantity, received=back.received)
        parts = credited(sale.shares, sale.left, after)
        self._add(draft, sale, LineKind.RETURN, after - sale.left, parts, line=line, day=day)
        sale.left = after

    def _add(
        self,
        draft: Draft,
        sale: OpenSale,
        kind: LineKind,
        figures: Figures,
        parts: Sequence[Credit],
        *,
        line: int | None = None,
        day: date | None = None,
    ) -> None:
        self._found.lines.append(
            Planned(
                sale=sale,
                document=draft.document,
                line=line or draft.line,
                day=day or draft.day,
                figures=figures,
                credits=parts,
                kind=kind,
                plate=draft.plate,
                file_rate=draft.file_rate,
            )
        )


def _same_article(sale: OpenSale, draft: Draft) -> bool:
    if draft.article.code and sale.article.code:
        return draft.article.code == sale.article.code
    return draft.article.name == sale.article.name


def _covers(left: Figures, asked: Figures) -> bool:
    return left.quantity >= asked.quantity and left.received >= asked.received


def _differs(draft: Draft, stored: StoredLine) -> Sentence:
    return say(
        "Line {line} of {document} is here already, but different: {day}, {product}, {received}. "
        "Cancel it there, or correct the file.",
        line=draft.line,
        document=draft.document,
        day=stored.day.isoformat(),
        product=stored.product,
        received=str(Money(stored.received)),
    )
