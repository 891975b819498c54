"""From a row of a file to a sale or a return as the file tells it, before it is compared with anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from incentives.core.credits import Figures
from incentives.core.errors import DomainError, say
from incentives.core.money import Money
from incentives.core.reading import THOUSANDTHS
from incentives.exchange.interface import Choice, Context, Fault, Question, Row, Value
from incentives.sales.importing.days import ORDER, Days
from incentives.sales.importing.fields import CATEGORY_WORDS, LEAVE_OUT, RETURN, SALE, STATUS_WORDS
from incentives.sales.models import Category, EarningRole
from incentives.sales.service.lines import Article
from incentives.sales.service.record import LARGEST_LINE, LARGEST_QUANTITY, masked
from incentives.web.i18n import tell

CATEGORY, STATUS = "category", "status"
FEN = Decimal(100)
PERCENT = Decimal(100)
TENTHS = Decimal(10)
RATE_PARTS = Decimal(10_000)
HIGHEST_RATE = 10 * RATE_PARTS


@dataclass(slots=True)
class Draft:
    """A row as understood. Figures are not negative; ``returns`` says that they are taken back."""

    row: int
    document: str
    line: int
    numbered: bool
    day: date
    article: Article
    figures: Figures
    returns: bool
    flagged: bool
    people: tuple[tuple[EarningRole, str], ...]
    returned_document: str = ""
    returned_line: int | None = None
    return_day: date | None = None
    plate: str = ""
    file_rate: int | None = None


@dataclass(slots=True)
class Understood:
    """All rows of a file, with what could not be understood and what has to be asked."""

    drafts: list[Draft] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    left_out: int = 0
    worked_out: int = 0
    rounded: int = 0
    adviser_sells: bool = False


def understand(context: Context, rows: Sequence[Row], remembered: Mapping[str, Mapping[str, str]]) -> Understood:
    """Read all rows. Lines without a number are numbered within their document, in the order of the file."""
    return _Reader(context, rows, remembered).read()


class _Refused(Exception):
    """A row cannot be understood, because of one of its fields."""

    def __init__(self, field_: str, refusal: DomainError) -> None:
        super().__init__(field_)
        self.field, self.sentence = field_, refusal.sentence


class _Reader:
    """Reads the rows of one file one after another."""

    def __init__(self, context: Context, rows: Sequence[Row], remembered: Mapping[str, Mapping[str, str]]) -> None:
        self._rows = rows
        self._today = context.today
        texts = (row.text(key) for row in rows for key in ("day", "return_day"))
        self._days = Days(texts, context.answers.get(ORDER, {}))
        self._categories = {**remembered.get(CATEGORY, {}), **context.answers.get(CATEGORY, {})}
        self._statuses = {**remembered.get(STATUS, {}), **context.answers.get(STATUS, {})}
        self._asked: dict[str, Counter[str]] = {CATEGORY: Counter(), STATUS: Counter()}
        self._lines: Counter[str] = Counter()
        self._found = Understood(adviser_sells=_adviser_sells(rows))

    def read(self) -> Understood:
        """Every row, its faults, and the questions about words."""
        for row in self._rows:
            try:
                draft = self._draft(row)
            except _Refused as refused:
                self._found.faults.append(Fault(row.number, refused.field, refused.sentence))
            else:
                if draft is not None:
                    self._found.drafts.append(draft)
        self._found.questions = list(self._questions())
        return self._found

    def _draft(self, row: Row) -> Draft | None:
        values = row.values
        kind = self._kind(row.text("status"))
        if kind == LEAVE_OUT:
            self._found.left_out += 1
            return None
        figures = self._figures(values)
        taken_back = figures.quantity < 0 or figures.received < 0 or bool(row.text("returns"))
        document, number = row.text("document"), row.whole("line")
        self._lines[document] += 1
        return Draft(
            row=row.number,
            document=document,
            line=self._lines[document] if number is None else number,
            numbered=number is not None,
            day=self._day(row, "day"),
            article=self._article(row, values),
            figures=_absolute(figures, taken_back=taken_back),
            returns=taken_back,
            flagged=kind == RETURN and not taken_back,
            people=self._people(row),
            returned_document=row.text("returns"),
            returned_line=row.whole("returns_line"),
            return_day=self._day(row, "return_day") if row.text("return_day") else None,
            plate=masked(row.text("plate")),
            file_rate=_rate(row.text("rate")),
        )

    def _kind(self, status: str) -> str:
        word = status.strip()
        meaning = self._statuses.get(word) or STATUS_WORDS.get(word.casefold())
        if meaning is None:
            self._asked[STATUS][word] += 1
            return SALE
        return meaning

    def _day(self, row: Row, key: str) -> date:
        try:
            found = self._days.read(row.text(key))
        except DomainError as refusal:
            raise _Refused(key, refusal) from refusal
        if found is None:
            raise _Refused(key, DomainError(say("This must be filled in.")))
        if found > self._today:
            raise _Refused(key, DomainError(say("{day} is still to come.", day=found.isoformat())))
        return found

    def _article(self, row: Row, values: Mapping[str, Value]) -> Article:
        word = row.text("category")
        category = self._category(word)
        finer = row.text("subcategory") if word.casefold() in CATEGORY_WORDS or not word else word
        name = row.text("product") or row.text("product_code") or row.text("subcategory") or word
        if not name:
            raise _Refused("product", DomainError(say("Say what was sold: a product, a code or a category.")))
        price = values.get("list_price")
        return Article(
            name=name,
            category=category,
            code=row.text("product_code"),
            subcategory=finer[:60],
            campaign=row.text("campaign"),
            list_price=self._amount("list_price", values.get("unit_price") if price is None else price),
        )

    def _category(self, word: str) -> Category:
        if not word:
            return Category.OTHER
        meaning = self._categories.get(word) or CATEGORY_WORDS.get(word.casefold())
        if meaning is None:
            self._asked[CATEGORY][word] += 1
            return Category.OTHER
        return Category(meaning)

    def _figures(self, values: Mapping[str, Value]) -> Figures:
        quantity = _decimal(values, "quantity")
        pieces = Decimal(1) if quantity is None else quantity
        thousandths = pieces * THOUSANDTHS
        if thousandths != int(thousandths) or abs(thousandths) > LARGEST_QUANTITY:
            raise _Refused(
                "quantity", DomainError(say("A quantity has at most three decimals and is at most 1,000,000."))
            )
        received = self._amount("received", values.get("received"))
        if received is None:
            received = self._worked_out(values, pieces)
        if quantity is None and received.fen < 0:
            thousandths = -thousandths
        return Figures(received.fen, int(thousandths), self._cost(values, pieces, received))

    def _worked_out(self, values: Mapping[str, Value], pieces: Decimal) -> Money:
        """Quantity × price, less the discount."""
        price = _decimal(values, "unit_price")
        price = _decimal(values, "list_price") if price is None else price
        if price is None:
            raise _Refused("received", DomainError(say("There is neither an amount received nor a price.")))
        kept = _kept(str(values.get("discount") or ""))
        self._found.worked_out += 1
        amount = self._amount("received", pieces * price * kept, count=False)
        if amount is None:
            raise TypeError("an amount was worked out")
        return amount

    def _cost(self, values: Mapping[str, Value], pieces: Decimal, received: Money) -> int | None:
        cost = _decimal(values, "cost")
        if cost is None and (unit := _decimal(values, "unit_cost")) is not None:
            cost = pieces * unit
        if cost is None and (profit := _decimal(values, "profit")) is not None:
            cost = Decimal(received.fen) / FEN - profit
        found = self._amount("cost", cost)
        return None if found is None else found.fen

    def _amount(self, key: str, value: Value, *, count: bool = True) -> Money | None:
        """Yuan to whole fen. More decimals than two are rounded half away from zero, and counted."""
        if not isinstance(value, Decimal):
            return None
        fen = value * FEN
        whole = fen.to_integral_value(ROUND_HALF_UP)
        self._found.rounded += count and whole != fen
        if abs(whole) > LARGEST_LINE.fen:
            raise _Refused(key, DomainError(say("An amount of a sale is at most {most}.", most=str(LARGEST_LINE))))
        return Money(int(whole))

    def _people(self, row: Row) -> tuple[tuple[EarningRole, str], ...]:
        adviser = EarningRole.SELLER if self._found.adviser_sells else EarningRole.ADVISER
        seller, number = row.text("seller"), row.text("seller_number")
        seller = f"{seller} ({number})" if seller and number else seller or number
        cells = (
            (EarningRole.SELLER, seller),
            (adviser, row.text("adviser")),
            (EarningRole.FITTER, row.text("fitter")),
            (EarningRole.INTRODUCER, row.text("introducer")),
        )
        return tuple((role, cell) for role, cell in cells if cell)

    def _questions(self) -> Iterator[Question]:
        if self._days.question is not None:
            yield self._days.question
        categories = tuple(Choice(each.value, f"{tell(each.says)} · {each.says}") for each in Category)
        for word, rows in self._asked[CATEGORY].most_common():
            sentence = say("Which category is “{word}”? The word itself is kept too.", word=word)
            yield Question(CATEGORY, word, sentence, categories, rows, Category.OTHER.value)
        statuses = tuple(Choice(value, label) for value, label in _STATUS_LABELS.items())
        for word, rows in self._asked[STATUS].most_common():
            yield Question(STATUS, word, say("What does “{word}” say of a sale?", word=word), statuses, rows, SALE)


_STATUS_LABELS = {SALE: "销售 · sale", RETURN: "退货 · return", LEAVE_OUT: "不导入 · leave out"}
"""In both languages at once: files are checked by a job, which has no reader."""


def _adviser_sells(rows: Sequence[Row]) -> bool:
    """Where a file names no seller at all, the service adviser is who sold."""
    named = {key for row in rows[:1000] for key in ("seller", "seller_number", "adviser") if row.text(key)}
    return named == {"adviser"}


def _decimal(values: Mapping[str, Value], key: str) -> Decimal | None:
    value = values.get(key)
    return value if isinstance(value, Decimal) else None


def _absolute(figures: Figures, *, taken_back: bool) -> Figures:
    """Figures without their sign, which must be the same for quantity and amount."""
    if not taken_back:
        return figures
    if figures.quantity * figures.received < 0:
        raise _Refused("quantity", DomainError(say("Quantity and amount have opposite signs.")))
    cost = None if figures.cost is None else abs(figures.cost)
    return Figures(abs(figures.received), abs(figures.quantity), cost)


def _kept(discount: str) -> Decimal:
    """What remains to be paid after a discount: 20 % and 0.2 leave 0.8, and so does 8折.

    Raises:
        _Refused: it is no discount.
    """
    text = discount.strip().replace("％", "%")
    try:
        if text.endswith("折"):
            kept = Decimal(text.removesuffix("折").strip()) / TENTHS
        elif text.endswith("%"):
            kept = 1 - Decimal(text.removesuffix("%").strip()) / PERCENT
        else:
            kept = 1 - Decimal(text or "0")
    except ArithmeticError as fault:
        raise _not_a_discount(discount) from fault
    if not 0 <= kept <= 1:
        raise _not_a_discount(discount)
    return kept


def _not_a_discount(text: str) -> _Refused:
    return _Refused("discount", DomainError(say("“{text}” is not a discount such as 20% or 0.2.", text=text[:20])))


def _rate(text: str) -> int | None:
    """A commission rate in hundredths of a percent, None where it cannot be read: it is kept, not paid by.

    5%, 5 and 0.05 are all five percent.
    """
    plain = text.strip().replace("％", "%")
    try:
        number = Decimal(plain.removesuffix("%").strip() or "NaN")
    except ArithmeticError:
        return None
    if not number.is_finite() or number < 0:
        return None
    ratio = number / PERCENT if plain.endswith("%") or number > 1 else number
    parts = ratio * RATE_PARTS
    return int(parts) if parts <= HIGHEST_RATE else None
