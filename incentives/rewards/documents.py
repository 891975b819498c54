"""The written notice of a penalty or a compensation, in Chinese, as it is handed over and signed."""

from __future__ import annotations

from datetime import date

from flask_babel import force_locale
from sqlalchemy import select

from incentives import clock
from incentives.core.errors import Plain, Sentence, from_plain, say
from incentives.core.period import Month
from incentives.db import db
from incentives.exchange import store as disk
from incentives.exchange.documents import as_pdf
from incentives.people.models import Store
from incentives.rewards.models import Instrument, RewardRecord
from incentives.rewards.service import notices, profiles
from incentives.rewards.service.adopted import adoption_on
from incentives.rewards.service.appeals import last_day
from incentives.rewards.service.losses import limits_now
from incentives.web.i18n import tell

LANGUAGE = "zh"


def issue_notices(store_id: int, *, today: date, actor_id: int | None) -> int:
    """Issue the notice of every approved penalty and compensation that has none; returns how many.

    Called in the transaction of the approval, so that nothing is approved without its notice.
    """
    found = notices.without_notice(store_id)
    for record in found:
        until = last_day(record)
        kept = disk.keep(store_id, notice(record, until, today))
        issued = notices.Issued(kept.stored_as, kept.size, kept.sha256, until)
        notices.keep(record, issued, today=today, actor_id=actor_id)
    return len(found)


def notice(record: RewardRecord, until: date | None, today: date) -> bytes:
    """The notice of a record as a PDF; the same record on the same day gives the same bytes."""
    place = db.session.scalars(select(Store).where(Store.id == record.store_id)).one()
    with force_locale(LANGUAGE):
        heading = "损失赔偿通知书" if record.instrument is Instrument.LOSS else "处理通知书"
        data: dict[str, Plain] = {
            "to": f"{record.employee.name}（{record.employee.number}）",
            "from": place.name,
            "number": f"{place.code}-{record.id}",
            "facts": [[tell(word), value] for word, value in _facts(record)],
            "rule": [tell(each) for each in _rule(record)],
            "amount": [tell(each) for each in _amount(record)],
            "evidence": [f"{each.name}（SHA-256 {each.sha256[:16]}…）" for each in record.evidence],
            "rights": [tell(each) for each in _rights(until)],
            "words": {key: tell(word) for key, word in _WORDS.items()},
            "day": today.isoformat(),
        }
        footer = f"{place.name} · {heading} · {place.code}-{record.id}"
        return as_pdf("rewards/notice", title=heading, footer=footer, lang=LANGUAGE, at=clock.now(), data=data)


_WORDS = {
    "to": say("To"),
    "from": say("From"),
    "number": say("Notice number"),
    "facts": say("What happened"),
    "rule": say("The rule"),
    "amount": say("What it comes to, and how it was worked out"),
    "evidence": say("Evidence"),
    "none": say("No files."),
    "rights": say("Your rights"),
    "received": say("Received by, and on what day (this is no agreement)"),
    "issued": say("Issued by"),
}


def _facts(record: RewardRecord) -> list[tuple[Sentence, str]]:
    found = [(say("Day"), record.business_date.isoformat()), (say("Reason"), tell(record.says))]
    if record.claim is not None:
        found += [(say("Loss"), record.claim.what)]
    if record.note:
        found += [(say("What happened"), record.note)]
    if record.explanation is not None:
        found += [(say("Why"), tell(from_plain(record.explanation)))]
    return found


def _rule(record: RewardRecord) -> list[Sentence]:
    if record.claim is not None:
        return [
            say("Contract: {contract}", contract=record.claim.contract),
            say("Clause: {clause}", clause=record.claim.clause),
        ]
    adoption = adoption_on(record.store_id, record.reason, record.business_date)
    if adoption is None:
        return [record.says, say("It moves points only, neither variable pay nor the base wage.")]
    return [
        *adoption.sentences,
        say(
            "Consulted on {consulted}: {who}. Published on {published}: {where}. It counts from {since} on.",
            consulted=adoption.consulted_on.isoformat(),
            who=adoption.consulted,
            published=adoption.published_on.isoformat(),
            where=adoption.published_where,
            since=adoption.counts_from.isoformat(),
        ),
    ]


def _amount(record: RewardRecord) -> list[Sentence]:
    if record.loss is None:
        if record.amount is not None:
            return [say("{amount} yuan of variable pay. Its total never falls below zero.", amount=str(record.amount))]
        return [say("{points} points.", points=str(record.points))]
    terms = profiles.allowed(record.store_id, record.business_date)
    return [
        say("Proven loss: {amount} yuan.", amount=str(record.loss)),
        say(
            "Taken from the wage of each month: at most {percent} % of it, and never so much that less than the local"
            " minimum wage of {minimum} yuan remains. What is left stays open for later months.",
            percent=terms.loss_percent,
            minimum="—" if terms.minimum_wage is None else str(terms.minimum_wage),
        ),
        *limits_now(record, Month.of(record.decided_on or record.business_date)),
    ]


def _rights(until: date | None) -> list[Sentence]:
    return [
        say(
            "You may appeal up to and including {day}, in the app or in writing.",
            day=until.isoformat() if until else "—",
        ),
        say("Somebody who neither proposed nor approved this decides. An appeal holds it back, or reverses it."),
        say("Your right to labour arbitration is not affected."),
    ]
