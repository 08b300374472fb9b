"""The sheet of a policy: its form with all rows, from a document or from what was typed, and back."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.http import QueryDict
from pydantic import TypeAdapter, ValidationError

from gracja.app.gestures.terms import TermsDocument
from gracja.app.web.gestures.amounts import typed
from gracja.app.web.gestures.policy_forms import FACTS, CapRow, ConditionRow, PolicyForm, initial_of
from gracja.engine.gesture.facts import FORMS
from gracja.engine.gesture.policy import AllOf, AnyOf, Condition, Conditions, Node, NotThis
from gracja.engine.gesture.read import as_plain

if TYPE_CHECKING:
    from gracja.app.gestures.selectors.policies import Names

MOST_ROWS: Final = 40
_NODE: Final[TypeAdapter[Any]] = TypeAdapter(Node)
_NEW_CAP: Final = {"of": "customer", "most": "1", "counts": "gestures", "days": 30, "kinds": "this"}
_DOCUMENT_KEYS: Final = ("approve_above_minor", "discount", "conditions")  # left out where they are empty


@dataclass(slots=True)
class Sheet:
    """kept: conditions that rows cannot show (one within another), as they are. before: the document that is
    changed; what the sheet does not know of it stays.
    """

    kind: str
    main: PolicyForm
    conditions: list[ConditionRow]
    caps: list[CapRow]
    kept: Conditions | None = None
    before: dict[str, Any] = field(default_factory=dict)

    @property
    def currency(self) -> str:
        """As it is chosen, else as it stands there."""
        return str(self.main["currency"].value() or self.before.get("currency") or "PLN")

    @property
    def kept_text(self) -> str:
        return json.dumps(as_plain(self.kept)) if self.kept else ""

    @property
    def wrong(self) -> int:
        """How many fields have to be put right."""
        rows: list[forms.Form] = [self.main, *self.conditions, *self.caps]
        return sum(len(row.errors) for row in rows)

    def document(self) -> dict[str, Any] | None:
        """The terms as they are typed; None where something is wrong, which is said at its field."""
        fine = self.main.is_valid()
        currency = self.main.cleaned_data.get("currency", "PLN")
        conditions = [row.condition(currency) for row in self.conditions]
        caps = [row.cap(currency, self.kind) for row in self.caps]
        if not fine or self.main.errors or None in conditions or None in caps:
            return None
        made = self.before | self._fields(self.main.cleaned_data) | {"caps": caps}
        made["conditions"] = self._joined(conditions)
        for key in _DOCUMENT_KEYS:
            if made.get(key) is None:
                made.pop(key, None)
        return made

    def _fields(self, given: dict[str, Any]) -> dict[str, Any]:
        return {
            "kind": self.kind,
            "title": _in_languages(given, "title"),
            "currency": given["currency"],
            "usual_minor": given["usual_minor"],
            "most_minor": given["most_minor"],
            "approve_above_minor": given["approve_above_minor"],
            "discount": _discount(given) if self.kind == "discount" else None,
            "given_by": given["given_by"],
            "places": given["places"],
            "service": given["service"],
            "lasts_days": given["lasts_days"],
            "held_out_share": given["held_out"] / 100,
            "return_days": given["return_days"],
            "worthwhile_share": given["worthwhile"] / 100,
        }

    def _joined(self, conditions: list[dict[str, Any] | None]) -> dict[str, Any] | None:
        rows: list[Any] = list(conditions)
        if self.kept:
            rows.append(as_plain(self.kept))
        if not rows:
            return None
        return {self.main.cleaned_data["joined"]: rows}


def sheet_of(kind: str, document: dict[str, Any] | None, *, names: Names, currency: str) -> Sheet:
    """The sheet of these terms; of new ones where there are none."""
    if document is None:
        start = _START | {"currency": currency, "off_by": "percent"}
        main = PolicyForm(kind=kind, names=names, currency=currency, initial=start)
        return Sheet(kind, main, [], [CapRow(prefix="k0", initial=_NEW_CAP)])
    terms = TermsDocument.model_validate(document)
    joined, rows, kept = _flat(terms.conditions)
    main = PolicyForm(
        kind=kind, names=names, currency=terms.currency, initial=_initial(terms) | {"joined": joined}
    )
    conditions = [
        ConditionRow(
            fact=one.field,
            names=names,
            prefix=f"c{at}",
            initial=initial_of(one.model_dump(mode="json"), terms.currency),
        )
        for at, one in enumerate(rows)
    ]
    caps = [
        CapRow(
            prefix=f"k{at}",
            initial={
                "of": one.of,
                "counts": one.counts,
                "most": typed(one.most, terms.currency) if one.counts == "cost_minor" else str(one.most),
                "days": one.days,
                "kinds": "this" if one.kinds else "all",
            },
        )
        for at, one in enumerate(terms.caps)
    ]
    return Sheet(kind, main, conditions, caps, kept, document)


def sheet_typed(
    kind: str, data: QueryDict, *, names: Names, currency: str, before: dict[str, Any] | None = None
) -> Sheet:
    """The sheet as it was sent. Where a row was added or removed (`do`), nothing is called wrong yet."""
    do, _, at = data.get("do", "").partition(":")
    facts = [(one, data.get(f"c{one}-fact", "")) for one in range(_count(data, "conditions"))]
    facts = [(one, fact) for one, fact in facts if fact in FORMS]
    caps = [one for one in range(_count(data, "caps")) if f"k{one}-days" in data]
    if not do.startswith(("add", "drop")):
        main = PolicyForm(data, kind=kind, names=names, currency=currency)
        rows = [ConditionRow(data, fact=fact, names=names, prefix=f"c{one}") for one, fact in facts]
        return Sheet(
            kind, main, rows, [CapRow(data, prefix=f"k{one}") for one in caps], _kept(data), before or {}
        )
    main = PolicyForm(kind=kind, names=names, currency=currency)
    main.initial = _as_typed(main, data)
    conditions = [
        _row_again(ConditionRow(fact=fact, names=names, prefix=f"c{one}"), data)
        for one, fact in facts
        if (do, at) != ("drop_condition", str(one))
    ]
    cap_rows = [
        _row_again(CapRow(prefix=f"k{one}"), data) for one in caps if (do, at) != ("drop_cap", str(one))
    ]
    asked = data.get("new_fact", "")
    if do == "add_condition" and asked in FACTS and len(conditions) < MOST_ROWS:
        new = max((one for one, _ in facts), default=-1) + 1
        conditions.append(ConditionRow(fact=str(asked), names=names, prefix=f"c{new}"))
    if do == "add_cap" and len(cap_rows) < MOST_ROWS:
        cap_rows.append(CapRow(prefix=f"k{max(caps, default=-1) + 1}", initial=_NEW_CAP))
    kept = None if do == "drop_kept" else _kept(data)
    return Sheet(kind, main, conditions, cap_rows, kept, before or {})


_START: Final = {"lasts_days": 30, "joined": "all", "held_out": 20, "return_days": 60, "worthwhile": 5}


def _initial(terms: TermsDocument) -> dict[str, Any]:
    def amount(minor: int | None) -> str:
        return typed(minor, terms.currency)

    title = terms.title if isinstance(terms.title, dict) else {"pl": terms.title, "en": terms.title}
    shown: dict[str, Any] = {
        "title_pl": title.get("pl", ""),
        "title_en": title.get("en", ""),
        "currency": terms.currency,
        "usual": amount(terms.usual_minor),
        "most": amount(terms.most_minor),
        "approve_above": amount(terms.approve_above_minor),
        "given_by": terms.given_by,
        "places": terms.places,
        "service": terms.service,
        "lasts_days": terms.lasts_days,
        "held_out": round(100 * terms.held_out_share),
        "return_days": terms.return_days,
        "worthwhile": round(100 * terms.worthwhile_share),
    }
    if (off := terms.discount) is not None:
        goods = off.goods if isinstance(off.goods, dict) else {"pl": off.goods or "", "en": off.goods or ""}
        shown |= {
            "off_by": "percent" if off.percent is not None else "amount",
            "off": str(off.percent) if off.percent is not None else amount(off.amount_minor),
            "above": amount(off.above_minor) if off.above_minor else "",
            "goods_pl": goods.get("pl", ""),
            "goods_en": goods.get("en", ""),
        }
    return shown


def _discount(given: dict[str, Any]) -> dict[str, Any]:
    off = (
        {"percent": given["off_percent"]}
        if given["off_by"] == "percent"
        else {"amount_minor": given["off_minor"]}
    )
    made = off | {"above_minor": given["above_minor"] or 0}
    goods = _in_languages(given, "goods")
    return made | {"goods": goods} if goods else made


def _in_languages(given: dict[str, Any], name: str) -> dict[str, str]:
    return {lang: said for lang in ("pl", "en") if (said := given[f"{name}_{lang}"].strip())}


def _flat(node: Conditions | None) -> tuple[str, list[Condition], Conditions | None]:
    """How rows are joined, those that a row can show, and what none can."""
    if node is None:
        return "all", [], None
    if (one := _leaf(node)) is not None:
        return "all", [one], None
    if isinstance(node, NotThis):
        return "all", [], node
    below = node.all if isinstance(node, AllOf) else node.any if isinstance(node, AnyOf) else []
    leaves = [_leaf(one) for one in below]
    rows = [one for one in leaves if one is not None]
    rest = [one for one, leaf in zip(below, leaves, strict=True) if leaf is None]
    joined = "all" if isinstance(node, AllOf) else "any"
    if not rest:
        return joined, rows, None
    if len(rest) == 1:
        return joined, rows, rest[0]
    return joined, rows, AllOf(all=rest) if joined == "all" else AnyOf(any=rest)


def _leaf(node: Conditions) -> Condition | None:
    if isinstance(node, NotThis) and isinstance(node.not_, Condition):
        return node.not_.opposite()
    return node if isinstance(node, Condition) else None


def _kept(data: QueryDict) -> Conditions | None:
    try:
        kept: Conditions = _NODE.validate_json(data.get("kept", ""))
    except (ValidationError, RecursionError):
        return None
    return kept


def _count(data: QueryDict, name: str) -> int:
    text = data.get(name, "")
    return min(MOST_ROWS, int(text)) if text.isdecimal() and len(text) < 4 else 0


def _as_typed(form: forms.Form, data: QueryDict) -> dict[str, Any]:
    return {
        name: one.widget.value_from_datadict(data, {}, form.add_prefix(name))
        for name, one in form.fields.items()
        if form.add_prefix(name) in data
    }


def _row_again[Row: forms.Form](row: Row, data: QueryDict) -> Row:
    row.initial = {**row.initial, **_as_typed(row, data)}
    return row
