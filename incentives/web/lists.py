"""Lists: search, filter, sort, paging and download, declared once for each page.

A page names its columns and a statement; the list reads the rest from the address, so every view of it can be
linked, bookmarked and sent to a colleague. Two queries a page, whatever its length.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Generic, TypeVar

from flask import Response, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import ColumnElement, Select, func, or_, select

from incentives.core.money import Money
from incentives.db import db
from incentives.web.filters import shown
from incentives.web.sent import whole_or
from incentives.web.tables import Cell, Table, as_csv, as_xlsx, download

T = TypeVar("T")

PER_PAGE = 50
MOST_IN_FILE = 200_000
LONGEST_SEARCH = 60
RIGHT = frozenset({"money", "number"})


@dataclass(frozen=True, slots=True)
class Column(Generic[T]):
    """A column: what it is called, what it says of a row, and how it sorts, links and is coloured."""

    key: str
    label: str
    value: Callable[[T], Cell]
    kind: str = "text"
    sort: Any = None
    """A column or expression to order by; none, and the heading is no link."""
    url: Callable[[T], str | None] | None = None
    tone: Callable[[T], str] | None = None
    words: Callable[[T], str] | None = None
    """What the page shows instead of the plain value (a translated state); files carry it too."""

    @property
    def sortable(self) -> bool:
        """Whether the heading sorts."""
        return self.sort is not None

    @property
    def align(self) -> str:
        """Figures to the right."""
        return "right" if self.kind in RIGHT else "left"


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice over the list: its name in the address, its label, its values, and what each does to the statement."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    condition: Callable[[str], ColumnElement[bool]]
    initial: str = ""

    @property
    def value(self) -> str:
        """The chosen value; anything not on offer counts as the initial one."""
        asked = request.args.get(self.name, self.initial)
        return asked if any(asked == value for value, _label in self.choices) else self.initial


@dataclass(frozen=True, slots=True)
class ShownCell:
    """A cell as the page draws it."""

    text: str
    kind: str
    url: str | None
    tone: str | None


@dataclass(frozen=True, slots=True)
class ShownRow:
    """A row as the page draws it."""

    cells: list[ShownCell]
    url: str | None


@dataclass
class Listing(Generic[T]):
    """A list as asked for by this request.

    Args:
        name: file name of downloads.
        columns: in order.
        statement: what is listed, without order; already limited to the store.
        order: how rows are ordered unless a heading was chosen, and between equals.
        search: columns that the search field looks into; every word must be found in one of them.
        entity: rows are whole objects rather than tuples.
        link: where a tap on a row, or on a figure of it, leads.
        stands_as: the kind of figures of rows that lead nowhere (components/figures.html).
    """

    name: str
    columns: Sequence[Column[T]]
    statement: Select[*tuple[Any, ...]]
    order: Sequence[Any]
    search_in: Sequence[Any] = ()
    filters: Sequence[Filter] = ()
    entity: bool = True
    link: Callable[[T], str | None] | None = None
    stands_as: str = ""
    empty_title: str = ""
    empty_text: str = ""
    empty_action: tuple[str, str] | None = None
    per_page: int = PER_PAGE
    keep: Sequence[str] = field(default=("month",))
    """Arguments of the address that links of the list carry on."""

    @property
    def search(self) -> str:
        """What was typed into the search field."""
        return request.args.get("q", "").strip()[:LONGEST_SEARCH]

    @property
    def searchable(self) -> bool:
        """Whether there is a search field."""
        return bool(self.search_in)

    @property
    def sort(self) -> str:
        """The key of the chosen column, or nothing."""
        asked = request.args.get("sort", "").removeprefix("-")
        return asked if any(column.key == asked and column.sortable for column in self.columns) else ""

    @property
    def descending(self) -> bool:
        """Whether the chosen order runs downwards."""
        return bool(self.sort) and request.args.get("sort", "").startswith("-")

    @cached_property
    def filtered(self) -> Select[*tuple[Any, ...]]:
        """The statement with search and filters, in no order yet."""
        found = self.statement
        for choice in self.filters:
            if choice.value:
                found = found.where(choice.condition(choice.value))
        for word in self.search.split():
            pattern = "%" + word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"
            found = found.where(or_(*(column.ilike(pattern, escape="\\") for column in self.search_in)))
        return found

    @cached_property
    def total(self) -> int:
        """How many rows there are in all."""
        counted = select(func.count()).select_from(self.filtered.order_by(None).subquery())
        return int(db.session.execute(counted).scalar_one())

    @property
    def pages(self) -> int:
        """How many pages."""
        return max(1, -(-self.total // self.per_page))

    @property
    def page(self) -> int:
        """The page asked for, within what there is."""
        return min(self.pages, max(1, whole_or(1, request.args.get("page", "1"))))

    @property
    def first(self) -> int:
        """Number of the first row shown, from one; zero if none."""
        return (self.page - 1) * self.per_page + 1 if self.total else 0

    @property
    def last(self) -> int:
        """Number of the last row shown."""
        return min(self.total, self.page * self.per_page)

    @cached_property
    def records(self) -> list[T]:
        """The rows of this page."""
        return list(self._fetch(self._ordered().offset((self.page - 1) * self.per_page).limit(self.per_page)))

    @cached_property
    def rows(self) -> list[ShownRow]:
        """The rows of this page as they are drawn."""
        return [
            ShownRow([self._cell(column, record) for column in self.columns], self.link(record) if self.link else None)
            for record in self.records
        ]

    @property
    def downloads(self) -> list[tuple[str, str]]:
        """Links to the whole list as a file."""
        return [(_("Excel"), self.url(download="xlsx", page=None)), (_("CSV"), self.url(download="csv", page=None))]

    def url(self, **changes: str | int | None) -> str:
        """The address of this list with some arguments changed; ``None`` takes one away."""
        names = {"q", "sort", "page", "download", *self.keep, *(choice.name for choice in self.filters)}
        arguments: dict[str, Any] = {key: value for key, value in request.args.items() if key in names}
        arguments.pop("download", None)
        arguments.update(changes)
        kept = {key: value for key, value in arguments.items() if value is not None}
        return url_for(str(request.endpoint), **(request.view_args or {}), **kept)

    def respond(self, template: str, **context: object) -> str | Response:
        """The page, or the file if one was asked for."""
        kind = request.args.get("download")
        if kind == "xlsx":
            return download(as_xlsx(self.as_table()), self.name, "xlsx")
        if kind == "csv":
            return download(as_csv(self.as_table()), self.name, "csv")
        return render_template(template, listing=self, **context)

    def as_table(self) -> Table:
        """The whole list, as filtered and sorted, for a file."""
        records = self._fetch(self._ordered().limit(MOST_IN_FILE))
        return Table(
            name=self.name,
            heading=[column.label for column in self.columns],
            rows=(
                [column.words(record) if column.words else column.value(record) for column in self.columns]
                for record in records
            ),
        )

    def _ordered(self) -> Select[*tuple[Any, ...]]:
        chosen = next((column.sort for column in self.columns if column.key == self.sort), None)
        if chosen is None:
            return self.filtered.order_by(*self.order)
        return self.filtered.order_by(chosen.desc() if self.descending else chosen.asc(), *self.order)

    def _fetch(self, statement: Select[*tuple[Any, ...]]) -> Iterator[T]:
        found = db.session.execute(statement)
        yield from found.scalars() if self.entity else found  # type: ignore[misc]  # the page says which it is

    def _cell(self, column: Column[T], record: T) -> ShownCell:
        value = column.value(record)
        return ShownCell(
            text=column.words(record) if column.words else shown(value),
            kind="negative" if isinstance(value, Money) and value.fen < 0 else column.kind,
            url=column.url(record) if column.url else None,
            tone=column.tone(record) if column.tone else None,
        )
