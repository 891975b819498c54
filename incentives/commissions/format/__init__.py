"""Pay plans as YAML text: read with every fault named by its place, written without loss. See docs/guide/plan-format.md."""

from incentives.commissions.format.document import PlanDocument, dump, load

__all__ = ["PlanDocument", "dump", "load"]
