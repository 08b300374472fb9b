"""Gestures, for whoever manages them: policies, budgets, the ledger, the statement, what they change."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.gestures.views import budgets, effects, front, policies, questions, statement, writing

urlpatterns: list[URLPattern] = [
    path("", front.front, name="gestures"),
    path("policies/", policies.policies, name="gesture_policies"),
    path("policies/new/", writing.write, name="gesture_policy_write"),
    path("policies/look/", writing.look, name="gesture_policy_look"),
    path("policies/<str:uid>/", policies.policy, name="gesture_policy"),
    path("policies/<str:uid>/change/", writing.change, name="gesture_policy_change"),
    path("policies/<str:uid>/close/", policies.close, name="gesture_policy_close"),
    path("policies/<str:uid>/effect/", effects.effect, name="gesture_effect"),
    path("budgets/", budgets.budgets, name="gesture_budgets"),
    path("budgets/open/", budgets.open_budget, name="gesture_budget_open"),
    path("budgets/copy/", budgets.copy_budgets, name="gesture_budgets_copy"),
    path("budgets/<str:uid>/", budgets.budget, name="gesture_budget"),
    path("budgets/<str:uid>/change/", budgets.change_budget, name="gesture_budget_change"),
    path("statement/", statement.statement, name="statement"),
    path("statement/csv/", statement.as_csv, name="statement_csv"),
    path("statement/pdf/", statement.as_pdf, name="statement_pdf"),
    path("questions/", questions.questions, name="gesture_questions"),
]
