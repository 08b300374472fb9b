"""First marks of a conversation that was drawn, however they came in."""

from __future__ import annotations

from collections.abc import Iterable

from gracja.app.observations.models import DrawnReview, Visit


def drawn_came_in(visits: Iterable[Visit]) -> None:
    """Of first visits just saved: whoever was to mark a drawn conversation has marked it, and the visit keeps
    the chance with which it was drawn. Marks by anybody else were not asked for by chance.
    """
    made: dict[tuple[str, int, int | None], Visit] = {
        (visit.contact, visit.edition_id, visit.evaluator_id): visit for visit in visits if visit.evaluator_id
    }
    if not made:
        return
    contacts = [contact for contact, _, _ in made]
    # locked, and after the visit as wherever both are: it may be given to somebody else, or called off
    waiting = DrawnReview.objects.select_for_update().filter(
        contact__in=contacts, made=None, called_off_at=None
    )
    for review in waiting.order_by("pk"):
        visit = made.get((review.contact, review.edition_id, review.evaluator_id))
        if visit is not None:
            visit.inclusion = review.inclusion
            visit.save(update_fields=("inclusion",))
            review.made = visit
            review.save(update_fields=("made",))
