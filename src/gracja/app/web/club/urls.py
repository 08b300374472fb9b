"""The club, its members and cards; gifts on shelves, and what customers were given in a year."""

from __future__ import annotations

from django.urls import URLPattern, path

from gracja.app.web.club.views import front, gifts, giving, joining, members, stock, values

urlpatterns: list[URLPattern] = [
    path("", front.club, name="club"),
    path("settings/", front.settings, name="club_settings"),
    path("scan/", members.scan, name="club_scan"),
    path("join/", joining.find, name="club_join"),
    path("join/new/", joining.join_new, name="club_join_new"),
    path("join/<str:uid>/", joining.join_known, name="club_join_known"),
    path("members/<str:uid>/", members.member, name="club_member"),
    path("members/<str:uid>/visit/", members.visit, name="club_visit"),
    path("members/<str:uid>/card.pdf", members.card_pdf, name="club_card"),
    path("members/<str:uid>/replace/", members.replace, name="club_card_replace"),
    path("members/<str:uid>/birthday/", members.birthday, name="club_birthday"),
    path("members/<str:uid>/birthday/forget/", members.forget_birthday, name="club_birthday_forget"),
    path("members/<str:uid>/leave/", members.leave, name="club_leave"),
    path("stock/", stock.places, name="stock"),
    path("stock/<str:uid>/", stock.place, name="stock_place"),
    path("stock/<str:uid>/promised/<str:gesture>/", giving.promised, name="gift_promised"),
    path("stock/<str:uid>/<str:gift>/", stock.gift, name="stock_gift"),
    path("stock/<str:uid>/<str:gift>/give/", giving.give, name="gift_give"),
    path("gifts/", gifts.listed, name="gifts"),
    path("gifts/add/", gifts.add, name="gift_add"),
    path("gifts/<str:uid>/", gifts.change, name="gift_change"),
    path("gifts/<str:uid>/close/", gifts.close, name="gift_close"),
    path("gift-values/", values.year, name="gift_values"),
    path("gift-values/<int:of_year>.csv", values.as_csv, name="gift_values_csv"),
]
