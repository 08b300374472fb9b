"""Questions of fairness and abuse: never a verdict, and only for those who may read who gave what."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from gracja.app.gestures.selectors.fairness import DAYS, fairness
from gracja.app.organisation.access import may
from gracja.app.web.gestures.frame import show
from gracja.app.web.request import SignedIn
from gracja.app.web.templatetags.words import reader
from gracja.engine.gesture import splitting
from gracja.wording import say
from gracja.wording.gestures import question_in_words

AT_ONCE = 50


@require_safe
def questions(request: SignedIn) -> HttpResponse:
    """Most striking first."""
    found = fairness(by=request.user)
    page = Paginator(found.asked, AT_ONCE).get_page(request.GET.get("page"))
    context = {
        "found": found,
        "days": DAYS,
        "page": page,
        "rows": [(one, question_in_words(one.question, reader())) for one in page],
        "note": say("questions_note", reader(), area="gesture"),
        "limit_days": splitting.DAYS,
        "half": splitting.HALF,
        "close": splitting.CLOSE,
        "fewest_customer": splitting.FEWEST_FOR_CUSTOMER,
        "fewest_several": splitting.FEWEST_BY_SEVERAL,
        "fewest_employee": splitting.FEWEST_BY_EMPLOYEE,
        "reads_customers": may(request.user, "customer.read"),
    }
    return show(request, "questions", "gesture_questions", context)
