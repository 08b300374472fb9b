"""Customers, one of them, and the spreadsheets of what they bought."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.customers.views import customer, files, leaving, listed

urlpatterns: list[URLPattern] = [
    path("", listed.customers, name="customers"),
    path("find/", listed.find, name="customer_find"),
    path("add/", customer.add, name="customer_add"),
    path("one/<str:uid>/", customer.page, name="customer"),
    path("one/<str:uid>/change/", customer.change, name="customer_change"),
    path("one/<str:uid>/number/", customer.number, name="customer_number"),
    path("one/<str:uid>/consent/", customer.consent, name="customer_consent"),
    path("one/<str:uid>/value/", customer.value, name="customer_value"),
    path("one/<str:uid>/conversations/", customer.conversations, name="customer_conversations"),
    path("one/<str:uid>/merge/", leaving.merge, name="customer_merge"),
    path("one/<str:uid>/export.json", leaving.export, name="customer_export"),
    path("one/<str:uid>/erase/", leaving.erase, name="customer_erase"),
    path("files/", files.files, name="purchase_files"),
    path("files/<str:uid>/", files.file, name="purchase_file"),
    path("files/<str:uid>/add/", files.add, name="add_purchases"),
    path("files/<str:uid>/drop/", files.drop, name="drop_purchases"),
    path("files/<str:uid>/faults.csv", files.faults, name="purchase_faults"),
]
