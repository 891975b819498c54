"""What a year of penalties leaves behind: an adopted rule, a loss made good over two months, a won appeal and its cause."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from incentives import clock
from incentives.adoptions.models import Way
from incentives.adoptions.service.adopting import Consultation
from incentives.core.money import Money
from incentives.core.period import Month
from incentives.demo.story import Shop, Story, noon
from incentives.exchange.papers import Sent, keep_papers
from incentives.people.models import Employee
from incentives.people.signin import actor_for
from incentives.rewards.documents import issue_notices
from incentives.rewards.models import Direction, Instrument
from incentives.rewards.service import adopted, appeals, notices, profiles, reasons, records, wages
from incentives.rewards.service.records import Claim, Proposal

LOSS_MONTHS_AGO = 3
WON_MONTHS_AGO = 2
WAGE = Money(420_000)
PROOF = b"""%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>> endobj
trailer <</Root 1 0 R>>
%%EOF
"""
"""An empty page: the demo's scanned agreement."""


def set_terms(story: Story, shop: Shop) -> None:
    """The store's province profile, base wages, and the one rule that may take variable pay, adopted in the first month."""
    first = story.months[0]
    chief, finance = story.number("9002"), story.number("9001")
    with clock.telling(noon(first.first)):
        said = profiles.Allowed(
            shop.store.province,
            shop.store.minimum_wage,
            source="省人民政府关于调整最低工资标准的通知（示例）",
            city_class="一类",
            confirmed_by="沈律师（示例）",
            confirmed_on=first.first,
            confirmed_document="法律意见书 2025-11（示例）",
        )
        profiles.enter(shop.store.id, said, starts=first.first, actor_id=chief.id)
        for person in shop.people:
            wages.enter(
                shop.store.id, person.id, starts=first, amount=WAGE, source="劳动合同（示例）", actor_id=finance.id
            )
        new = reasons.NewReason(
            "late_delivery", "无故延误交车", "Late delivery without reason", Direction.PENALTY, Instrument.PAY,
            None, Money(5_000), conduct=False,
        )  # fmt: skip
        made = reasons.add(shop.store.id, new, actor_id=chief.id)
        heard = Consultation("全体职工及职工代表曹颖", Way.MEETING, first.first, first.first, "车间公告栏", first.first)
        adopted.adopt(shop.store.id, made.id, heard, actor_id=shop.manager.id)


def contest(story: Story, shop: Shop, month: Month) -> None:
    """A loss three months ago, a washing fault of three people two months ago; both in the first store."""
    if shop is not story.shops[0]:
        return
    if month == story.running.plus(-LOSS_MONTHS_AGO):
        _loss(story, shop, story.days(month)[9])
    elif month == story.running.plus(-WON_MONTHS_AGO):
        _same_cause(story, shop, story.days(month)[9])


def _proposal(code: str, shop: Shop, person: Employee, day: date, instrument: Instrument, note: str) -> Proposal:
    reason = next(each for each in reasons.reasons_of(shop.store.id) if each.code == code)
    usual = reason.usual(day)
    return Proposal(
        employee_id=person.id,
        reason_id=reason.id,
        day=day,
        instrument=instrument,
        points=usual if isinstance(usual, int) else None,
        amount=None,
        note=note,
        token=f"demo-{code}-{day}",
    )


def _loss(story: Story, shop: Shop, day: date) -> None:
    """A vehicle damaged on the lift: 1,500 yuan, approved, its notice received the day after."""
    person = story.number("1018")
    with clock.telling(noon(day)):
        said = _proposal("proven_loss", shop, person, day, Instrument.LOSS, "升降机未锁止即移车，客户车辆右侧底边受损")
        papers = keep_papers(shop.store.id, [Sent("定损单.pdf", PROOF), Sent("劳动合同.pdf", PROOF)])
        claim = Claim(
            "客户车辆右侧底边维修费", "2024年1月劳动合同", "第十二条：因重大过失造成经济损失的，按实际损失依法赔偿"
        )
        proposal = replace(said, amount=Money(150_000), papers=papers, claim=claim)
        inspector = story.number("1025")
        record = records.propose(shop.store.id, proposal, maker_id=inspector.id, today=day)
        _approve(shop, [record.id], day)
    with clock.telling(noon(day + timedelta(days=1))):
        notices.acknowledge(record.id, employee_id=person.id, today=day + timedelta(days=1))


def _same_cause(story: Story, shop: Shop, day: date) -> None:
    """Three mechanics, one cause; one appeals and wins, and the head office overturns the second. The third is open."""
    people = [story.number(number) for number in ("1014", "1015", "1016")]
    chief = story.number("9002")
    with clock.telling(noon(day)):
        said = _proposal("poor_washing", shop, people[0], day, Instrument.POINTS, "三号工位交车前未清洗")
        made = records.propose_together(
            shop.store.id, said, [each.id for each in people], maker_id=story.number("1025").id, today=day
        )
        _approve(shop, [each.id for each in made], day)
        appeals.appeal(made[0].id, employee_id=people[0].id, words="当天停水，前台已通知客户", today=day)
    with clock.telling(noon(day + timedelta(days=2))):
        later, actor = day + timedelta(days=2), actor_for(chief, day + timedelta(days=2))
        appeals.decide(actor, shop.store.id, made[0].id, granted=True, answer="核实停水属实，申诉成立", today=later)
        appeals.overturn(actor, shop.store.id, made[1].id, because_id=made[0].id, words="同一天停水", today=later)


def _approve(shop: Shop, ids: list[int], day: date) -> None:
    records.approve(actor_for(shop.manager, day), shop.store.id, ids, today=day)
    issue_notices(shop.store.id, today=day, actor_id=shop.manager.id)
