"""What is told of a household's device and of its papers: type, body and the last day, and nothing else.

The one place that decides it: words, JSON and signed copies are made of what is left here.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from services.verify.evidence import Evidence, Standing

if TYPE_CHECKING:
    from services.verify.checking import Answer

# These are of the body and the type, which are told.
_TOLD_REASONS = ("not_designated", "other_device", "no_periodic")


def as_told(answer: Answer) -> Answer:
    """The answer without dates but the last day, without reasons, events and anything of its number."""
    reason = answer.reason if answer.reason in _TOLD_REASONS else ""
    standing = _standing(answer.standing) if answer.standing else None
    if answer.code == "not_in_register":
        standing, reason = Standing("no_evidence"), "no_evidence"
    evidence = _evidence(answer.evidence) if answer.evidence else None
    told = replace(answer, evidence=evidence, standing=standing, reason=reason)
    return replace(told, newer_end=None, in_scope=None, item_lines=(), item_standing=None)


def _standing(standing: Standing) -> Standing:
    """In force, without periodic verification, or no verification in force on record: which of many is not told."""
    if standing.in_force or standing.state == "no_periodic":
        return Standing(standing.state, until=standing.until)
    return Standing("expired", until=standing.until)


def _evidence(evidence: Evidence) -> Evidence:
    return Evidence(
        evidence.kind,
        0,
        "",
        valid_until=evidence.valid_until,
        type_code=evidence.type_code,
        type=evidence.type,
        body_id=evidence.body_id,
        body=evidence.body,
        household=True,
    )
