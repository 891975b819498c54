"""The check of a version: what was found, which warnings are meant and why, and what keeps it from being published.

An error stands against submitting and approving. A warning does, too, until somebody has written beside that very
finding why it is meant; the reason lapses when the finding changes. What was found is kept with the version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from sqlalchemy import select

from incentives import clock, core
from incentives.audit import service as audit
from incentives.commissions.format import PlanDocument, load
from incentives.commissions.format.rows import lasting_name
from incentives.commissions.models import FindingReason, PlanCheck, PlanVersion
from incentives.commissions.service.catalogue import catalogue_of
from incentives.commissions.service.names import names_of
from incentives.core.approval import PlanState
from incentives.core.catalogue import Catalogue
from incentives.core.checker import check
from incentives.core.errors import Conflict, DomainError, Faults, NotFound, Plain, Sentence, from_plain, say
from incentives.core.findings import Finding, Severity
from incentives.core.period import Month
from incentives.core.places import row_name
from incentives.core.signs import as_it_reads
from incentives.core.unknown import ANY_NAMES, Names
from incentives.db import db

LONGEST_REASON = 500
NO_REASONS: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True)
class Found:
    """A finding with the row it names in words, and why it is meant, if somebody said so.

    ``key`` is the same as long as the finding says the same of the same line, wherever the line stands.
    """

    finding: Finding
    row: Sentence
    key: str
    reason: str = ""

    @property
    def stands_against(self) -> bool:
        """Whether it keeps the version from being published."""
        severity = self.finding.severity
        return severity is Severity.ERROR or (severity is Severity.WARNING and not self.reason)


@dataclass(frozen=True, slots=True)
class Report:
    """All that the check found, errors first."""

    found: tuple[Found, ...]

    def count(self, severity: Severity) -> int:
        """How many findings there are of one severity."""
        return sum(each.finding.severity is severity for each in self.found)

    @property
    def against(self) -> tuple[Found, ...]:
        """What keeps the version from being published."""
        return tuple(each for each in self.found if each.stands_against)


def report(
    document: PlanDocument,
    month: Month,
    catalogue: Catalogue,
    reasons: Mapping[str, str] = NO_REASONS,
    names: Names = ANY_NAMES,
) -> Report:
    """Check a plan as it holds from a month on, with the reasons that were given for its warnings.

    ``names`` is what the store has; without it a plan may name what it likes, but indicators.
    """
    found = check(document.plan, month, document.examples, catalogue, names)
    return Report(tuple(_found(document, finding, reasons) for finding in found))


def _found(document: PlanDocument, finding: Finding, reasons: Mapping[str, str]) -> Found:
    key = key_of(document, finding)
    return Found(finding, row_name(document.plan, finding.path), key, reasons.get(key, ""))


def key_of(document: PlanDocument, finding: Finding) -> str:
    """What makes a finding the same finding: its line and place in it, what is said, and the case."""
    place = lasting_name(document.plan, finding.path)
    says = [place, finding.severity.value, finding.sentence.as_plain(), finding.case.as_plain()]
    return hashlib.sha256(json.dumps(says, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def report_of(version: PlanVersion, catalogue: Catalogue | None = None) -> Report:
    """The check of a version, made now; with the store's names where they are at hand."""
    store_id, document = version.plan.store_id, load(version.text)
    catalogue = catalogue or catalogue_of(store_id, [document.plan])
    names = names_of(store_id, document.plan, catalogue)
    return report(document, version.from_month, catalogue, reasons_of(version.id), names)


def reasons_of(version_id: int) -> dict[str, str]:
    """The reasons that were given for a version's warnings, by the key of the finding."""
    return {each.finding: each.reason for each in _reasons(version_id)}


def _reasons(version_id: int) -> Sequence[FindingReason]:
    given = select(FindingReason).where(FindingReason.version_id == version_id).order_by(FindingReason.id)
    return db.session.scalars(given).all()


def keep_reasons(version: PlanVersion, reasons: Mapping[str, str], *, actor_id: int) -> None:
    """Give the draft the reasons that were written with it; those of findings that it does not have are left."""
    for each in report_of(version).found:
        reason = reasons.get(each.key, "").strip()
        if each.finding.severity is Severity.WARNING and reason not in {"", each.reason}:
            give_reason(version, each.key, reason, actor_id=actor_id)


def give_reason(version: PlanVersion, key: str, reason: str, *, actor_id: int | None) -> FindingReason:
    """Say why a warning is meant. A later reason for the same finding takes the place of the one before.

    Raises:
        Conflict: the version is no draft any more.
        NotFound: the check finds no such warning in it.
        DomainError: the reason says nothing.
    """
    text = as_it_reads(reason).strip()
    if version.state is not PlanState.DRAFT:
        raise Conflict(say("Only a draft can be changed: draft a new version."))
    found = next((each for each in report_of(version).found if each.key == key), None)
    if found is None or found.finding.severity is not Severity.WARNING:
        raise NotFound(say("The check does not find this any more. Load the page again."))
    if not 1 <= len(text) <= LONGEST_REASON:
        raise DomainError(say("Write the reason in 1 to {most} characters.", most=LONGEST_REASON))
    before = next((each for each in _reasons(version.id) if each.finding == key), None)
    kept = before or FindingReason(version_id=version.id, finding=key)
    kept.reason, kept.given_by, kept.given_at = text, actor_id, clock.now()
    db.session.add(kept)
    db.session.flush()
    audit.record(
        "commissions.warning_meant",
        store_id=version.plan.store_id,
        actor_id=actor_id,
        subject=f"{version.plan.code} v{version.number}",
        changes={str(found.finding.sentence)[:60]: (found.reason or None, text)},
    )
    return kept


def require_sound(version: PlanVersion, *, actor_id: int | None) -> PlanCheck:
    """Check a version before it is submitted or approved, and keep what was found with it.

    Raises:
        Faults: an error was found, or a warning for which no reason was given; with all of them.
    """
    made = report_of(version)
    if made.against:
        refused = say(
            "The plan check stands against it. Errors: {errors}. Warnings without a reason: {warnings}.",
            errors=made.count(Severity.ERROR),
            warnings=len(made.against) - made.count(Severity.ERROR),
        )
        raise Faults(refused, told(made.against))
    kept = PlanCheck(
        version_id=version.id,
        text_digest=digest_of(version.text),
        rules_digest=rules_digest(),
        checked_at=clock.now(),
        checked_by=actor_id,
        findings=[_as_plain(each) for each in made.found],
    )
    db.session.add(kept)
    db.session.flush()
    return kept


def told(found: Sequence[Found]) -> Iterator[Sentence]:
    """Each finding in one sentence: the row, what is wrong, and the case."""
    for each in found:
        yield say("{row}: {sentence} {case}", row=each.row, sentence=each.finding.sentence, case=each.finding.case)


def meant(version: PlanVersion) -> list[Sentence]:
    """What the last check that was kept warned of and why it is meant, for the record of the adoption."""
    kept = last_check(version.id)
    return [
        say(
            "{row}: {sentence} {case} Meant, because: {reason}",
            row=from_plain(each["row"]),
            sentence=from_plain(each["sentence"]),
            case=from_plain(each["case"]),
            reason=each["reason"],
        )
        for each in (kept.findings if kept else [])
        if each["reason"]
    ]


def _as_plain(found: Found) -> Plain:
    return {
        "severity": found.finding.severity.value,
        "path": found.finding.path,
        "row": found.row.as_plain(),
        "sentence": found.finding.sentence.as_plain(),
        "case": found.finding.case.as_plain(),
        "reason": found.reason or None,
    }


def last_check(version_id: int) -> PlanCheck | None:
    """What was found when the version was last submitted or approved."""
    made = select(PlanCheck).where(PlanCheck.version_id == version_id).order_by(PlanCheck.id.desc()).limit(1)
    return db.session.scalars(made).one_or_none()


def digest_of(text: str) -> str:
    """The digest by which the very text of a plan is known."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def rules_digest() -> str:
    """The digest of the rule book that checks and pays: every file of ``core``, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(Path(core.__path__[0]).glob("*.py")):
        digest.update(path.name.encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
