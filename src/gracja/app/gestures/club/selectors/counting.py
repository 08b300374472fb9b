"""What members' levels are counted from: days here, or what was spent, within the window."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from datetime import date, datetime, time, timedelta

from django.db.models import F, Sum
from django.db.models.functions import TruncDate

from gracja.app.common.clock import now
from gracja.app.contacts.models import Purchase
from gracja.app.gestures.club.models import Member, Seen
from gracja.app.gestures.club.rules import ClubDocument, months_before
from gracja.app.organisation.selectors.company import company_zone, today_here


def counted(members: Collection[Member], rules: ClubDocument) -> dict[int, int]:
    """Member's key -> days here, or minor units spent, within the window that ends today.

    A purchase that was refunded whole is no visit.
    """
    owners = {member.pk: member.customer.merged_into_id or member.customer_id for member in members}
    zone, day = company_zone(), today_here()
    first = months_before(day, rules.window_months) + timedelta(days=1)
    since = datetime.combine(first, time(), zone)
    kept = Purchase.objects.filter(
        customer__in=set(owners.values()), at__gte=since, at__lte=now(), amount_minor__gt=F("refunded_minor")
    )
    if rules.counts == "purchases":
        rows = kept.filter(currency=rules.currency).values("customer").order_by("customer")
        spent = rows.annotate(total=Sum(F("amount_minor") - F("refunded_minor")))
        by_customer = {row["customer"]: row["total"] for row in spent}
        return {pk: by_customer.get(customer, 0) for pk, customer in owners.items()}
    bought: dict[int, set[date]] = defaultdict(set)
    days = kept.annotate(day=TruncDate("at", tzinfo=zone)).order_by().values_list("customer", "day")
    for customer, one in days.distinct():
        bought[customer].add(one)
    noted: dict[int, set[date]] = defaultdict(set)
    seen = Seen.objects.filter(member__in=owners, day__gte=first, day__lte=day)
    for member, one in seen.values_list("member", "day"):
        noted[member].add(one)
    return {pk: len(bought[customer] | noted[pk]) for pk, customer in owners.items()}
