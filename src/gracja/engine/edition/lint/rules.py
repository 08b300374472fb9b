"""Every rule by its code. Codes never change their meaning: GR1 wording, GR2 structure, GR3 measurement."""

from __future__ import annotations

from typing import Final

from gracja.engine.edition.lint.closeness import closeness_for_everyone, manipulative_compliment
from gracja.engine.edition.lint.compound import two_behaviours
from gracja.engine.edition.lint.detectors import (
    always_fires,
    language_without_phrases,
    never_fires,
    unknown_lemma,
)
from gracja.engine.edition.lint.finding import Rule
from gracja.engine.edition.lint.judgement import vague_anchors, vague_wording
from gracja.engine.edition.lint.observable import undecided_detector, unobservable
from gracja.engine.edition.lint.permission import judge_without_permission, names_leave
from gracja.engine.edition.lint.situation import empty_situation, no_situation
from gracja.engine.edition.lint.structure import (
    critical_initiative,
    duplicates,
    enhancer_without_evidence,
    enhancer_without_standard,
    language_missing,
    no_initiative,
    part_without_enhancer,
)
from gracja.engine.edition.lint.threshold import no_threshold

RULES: Final = {
    "GR101": Rule("vague_wording", "error", vague_wording),
    "GR102": Rule("two_behaviours", "error", two_behaviours),
    "GR103": Rule("no_situation", "error", no_situation),
    "GR104": Rule("no_threshold", "error", no_threshold),
    "GR105": Rule("manipulative_compliment", "error", manipulative_compliment),
    "GR106": Rule("empty_situation", "error", empty_situation),
    "GR107": Rule("vague_anchor", "error", vague_anchors),
    "GR201": Rule("part_without_enhancer", "warning", part_without_enhancer),
    "GR202": Rule("enhancer_without_standard", "warning", enhancer_without_standard),
    "GR203": Rule("enhancer_without_evidence", "warning", enhancer_without_evidence),
    "GR204": Rule("duplicate_standard", "error", duplicates),
    "GR205": Rule("language_missing", "warning", language_missing),
    "GR206": Rule("no_initiative", "warning", no_initiative),
    "GR207": Rule("closeness_for_everyone", "warning", closeness_for_everyone),
    "GR208": Rule("critical_initiative", "error", critical_initiative),
    "GR301": Rule("unobservable", "error", unobservable),
    "GR302": Rule("never_fires", "error", never_fires),
    "GR303": Rule("language_without_phrases", "warning", language_without_phrases),
    "GR304": Rule("unknown_lemma", "warning", unknown_lemma),
    "GR305": Rule("undecided_detector", "warning", undecided_detector),
    "GR306": Rule("always_fires", "error", always_fires),
    "GR307": Rule("judge_without_permission", "warning", judge_without_permission),
    "GR308": Rule("names_leave", "warning", names_leave),
}
